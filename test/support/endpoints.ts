/** An HTTP endpoint of the server: one line for each. Hostile requests are tried on all of them. */
export interface Endpoint {
  readonly method: string;
  /** A path; segments that start with a colon may be anything. */
  readonly path: string;
  /** Its query parameters. */
  readonly query?: readonly string[];
  /** The fields of its body. */
  readonly fields?: readonly string[];
}

export const ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/', query: ['language'] },
  { method: 'GET', path: '/rooms', query: ['name', 'language'] },
  { method: 'POST', path: '/rooms', fields: ['title', 'name', 'topic', 'password', 'listed'] },
  { method: 'GET', path: '/random' },
  { method: 'GET', path: '/speculation-rules.json' },
  { method: 'GET', path: '/j', query: ['code'] },
  { method: 'GET', path: '/j/:code' },
  { method: 'GET', path: '/rooms/:room', query: ['language', 'embed', 'at', 'view'] },
  { method: 'GET', path: '/rooms/:room/search', query: ['q', 'scope', 'before', 'language'] },
  { method: 'GET', path: '/rooms/:room/people', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/pinned', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/files', query: ['before', 'language'] },
  { method: 'GET', path: '/rooms/:room/plain', query: ['before', 'since', 'at', 'language'] },
  {
    method: 'GET',
    path: '/rooms/:room/messages',
    query: ['after', 'wait', 'reactions', 'meter', 'lang'],
  },
  { method: 'GET', path: '/rooms/:room/messages', query: ['before', 'limit'] },
  { method: 'GET', path: '/rooms/:room/messages/:id', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/messages', query: ['since', 'limit'] },
  { method: 'GET', path: '/rooms/:room/events', query: ['after', 'meter', 'lang'] },
  { method: 'GET', path: '/rooms/:room/live', query: ['after', 'lang'] },
  { method: 'GET', path: '/memberships' },
  { method: 'GET', path: '/rooms/:room/writers' },
  { method: 'POST', path: '/memberships', fields: ['positions'] },
  { method: 'GET', path: '/rooms/:room/unread', query: ['after', 'limit'] },
  { method: 'GET', path: '/rooms/:room/presence', query: ['lang'] },
  { method: 'GET', path: '/rooms/:room/settings', query: ['language'] },
  {
    method: 'POST',
    path: '/rooms/:room/settings',
    fields: ['title', 'topic', 'kind', 'listed', 'password', 'seconds', 'was-title'],
  },
  { method: 'GET', path: '/rooms/:room/confirm', query: ['type', 'id', 'uid', 'option', 'state'] },
  { method: 'GET', path: '/rooms/:room/prepared-polls' },
  { method: 'GET', path: '/rooms/:room/now', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/new-poll', query: ['kind', 'text', 'prepared', 'language'] },
  { method: 'GET', path: '/rooms/:room/votes' },
  { method: 'GET', path: '/rooms/:room/present', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/remote', query: ['language'] },
  { method: 'GET', path: '/rooms/:room/stage', query: ['lang'] },
  { method: 'GET', path: '/rooms/:room/polls/:id.csv' },
  { method: 'GET', path: '/rooms/:room/polls/:id.svg' },
  { method: 'GET', path: '/rooms/:room/polls/:id.json' },
  { method: 'GET', path: '/rooms/:room/polls/:id/history' },
  { method: 'GET', path: '/chat', query: ['room', 'lang'] },
  {
    method: 'POST',
    path: '/rooms/:room/messages',
    fields: ['message', 'cid', 'reply', 'files'],
  },
  { method: 'POST', path: '/rooms/:room/files', query: ['name'], fields: ['files'] },
  { method: 'GET', path: '/rooms/:room/files/:id', query: ['preview'] },
  { method: 'POST', path: '/rooms/:room/password', fields: ['password', 'next'] },
  {
    method: 'POST',
    path: '/rooms/:room/commands',
    fields: [
      'type',
      'id',
      'uid',
      'minutes',
      'address',
      'text',
      'enabled',
      'password',
      'seconds',
      'isAway',
    ],
  },
  {
    method: 'POST',
    path: '/rooms/:room/commands',
    fields: ['type', 'id', 'message', 'emoji', 'enabled', 'reason', 'back'],
  },
  {
    method: 'POST',
    path: '/rooms/:room/commands',
    fields: [
      'type',
      'id',
      'question',
      'options',
      'option',
      'maxChoices',
      'resultsVisibility',
      'minutes',
      'kind',
    ],
  },
  {
    method: 'POST',
    path: '/rooms/:room/commands',
    fields: ['type', 'id', 'option', 'suggestion', 'state', 'enabled'],
  },
  { method: 'POST', path: '/guests', fields: [] },
  { method: 'GET', path: '/sign-in', query: ['name', 'next', 'language'] },
  { method: 'POST', path: '/session', fields: ['name', 'password', 'next'] },
  { method: 'POST', path: '/session/end', fields: ['next'] },
  { method: 'POST', path: '/session/password', fields: ['password', 'next'] },
  { method: 'POST', path: '/session/moderator', fields: ['key', 'next'] },
  { method: 'POST', path: '/password', fields: ['password', 'next'] },
  { method: 'GET', path: '/own/:token', query: ['language'] },
  { method: 'POST', path: '/own/:token', fields: ['name', 'password'] },
  { method: 'GET', path: '/admin', query: ['language'] },
  { method: 'GET', path: '/admin/people', query: ['search', 'after', 'erased', 'language'] },
  { method: 'GET', path: '/admin/rooms', query: ['after', 'language'] },
  { method: 'GET', path: '/admin/restrictions', query: ['page', 'language'] },
  { method: 'GET', path: '/admin/settings', query: ['done', 'language'] },
  {
    method: 'POST',
    path: '/admin/settings',
    fields: ['roomCreators', 'guestsMayWrite', 'name', 'accent'],
  },
  { method: 'GET', path: '/admin/reports', query: ['before', 'language'] },
  { method: 'GET', path: '/admin/actions', query: ['before', 'kind', 'language'] },
  { method: 'POST', path: '/admin/sign-out', fields: ['uid', 'confirmed'] },
  { method: 'POST', path: '/admin/erase', fields: ['uid', 'confirmed'] },
  { method: 'GET', path: '/settings/data', query: ['done', 'language'] },
  { method: 'POST', path: '/settings/data/export', fields: ['guest'] },
  { method: 'POST', path: '/settings/data/erase', fields: ['guest', 'password'] },
  { method: 'GET', path: '/settings', query: ['language'] },
  { method: 'POST', path: '/settings', fields: ['theme', 'density', 'language'] },
  { method: 'GET', path: '/transports', query: ['language'] },
  { method: 'POST', path: '/transports/runs', fields: [] },
  { method: 'GET', path: '/transports/runs/:run' },
  { method: 'GET', path: '/assets/:file' },
  { method: 'GET', path: '/icon.svg' },
  { method: 'GET', path: '/:unknown', query: ['language'] },
  { method: 'POST', path: '/:unknown/:more', fields: ['message'] },
];

/** A request to each endpoint, for a room: its path, with the query parameters it needs. */
export function requestsFor(room: string): readonly Endpoint[] {
  return ENDPOINTS.map(({ path, query = [], ...rest }) => ({
    ...rest,
    path: path.replace(':room', room).replace(/:\w+/g, 'x') + queryFor(query, room),
  }));
}

function queryFor(query: readonly string[], room: string): string {
  if (query.includes('before')) return '?before=1000';
  if (query.includes('room')) return `?room=${room}`;
  if (query.includes('since')) return '?since=0';
  if (query.includes('q')) return '?q=x';
  return query.includes('embed') ? '?embed' : '';
}
