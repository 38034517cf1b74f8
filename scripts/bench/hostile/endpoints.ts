import { ENDPOINTS } from '../../../test/support/endpoints.ts';
import { documents } from './bodies.ts';
import type { Case } from './case.ts';
import { again, type Code, PAIRS, VALUES } from './codes.ts';
import { type Overrides, requestTo, type Target, targetOf } from './endpoint-request.ts';
import { headerCases } from './headers.ts';
import { httpCase } from './http-case.ts';
import { BODY_BYTES, HEAD_BYTES, sizeName } from './sizes.ts';
import { fitting, MAX_LENGTHS, textsFor, valuesFor } from './values.ts';

/* Each part of a request to each endpoint, one at a time, with every kind of hostile value. */

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const UPGRADES: readonly Target[] = [
  { method: 'GET', path: '/chat', query: ['room', 'meter'], isUpgrade: true },
  { method: 'GET', path: '/rooms/:room/live', query: ['after', 'meter'], isUpgrade: true },
];

export function* endpointCases(): Generator<Case> {
  for (const endpoint of [...ENDPOINTS, ...UPGRADES]) {
    const { path, query = [], fields } = endpoint;
    for (const [, name = ''] of path.matchAll(/:(\w+)/g)) yield* inPath(endpoint, name);
    for (const name of query) yield* inQuery(endpoint, name);
    yield* asQuery(endpoint);
    yield* headerCases(endpoint);
    if (!fields) continue;
    for (const name of path.endsWith('/commands') ? [] : fields) yield* inField(endpoint, name);
    yield* asBody(endpoint);
  }
}

function endpointCase(
  endpoint: Target,
  part: string,
  input: string,
  overrides: () => Overrides,
): Case {
  const build = (server: Parameters<typeof requestTo>[0]) =>
    requestTo(server, endpoint, overrides());
  return httpCase({ target: targetOf(endpoint), part, input, build });
}

/** Texts, encoded for a URL. */
function inCode(name: string): readonly Code[] {
  const texts = textsFor(name).map(({ name: input, make }) => {
    const code = (text: string) => encodeURIComponent(text.toWellFormed());
    return { name: input, make: (bytes: number) => code(fitting(make, bytes, code)) };
  });
  return [...texts, ...VALUES];
}

function* inPath(endpoint: Target, name: string): Generator<Case> {
  for (const { name: input, make } of inCode(name)) {
    yield endpointCase(endpoint, `path :${name}`, input, () => ({
      path: { [name]: make(HEAD_BYTES) },
    }));
  }
}

function* inQuery(endpoint: Target, name: string): Generator<Case> {
  for (const { name: input, make } of inCode(name)) {
    const query = () => `${name}=${make(HEAD_BYTES)}`;
    yield endpointCase(endpoint, `query ${name}`, input, () => ({ query: query() }));
  }
}

function* asQuery(endpoint: Target): Generator<Case> {
  for (const { name, make } of [...PAIRS, ...(endpoint.query ?? []).map(again)]) {
    yield endpointCase(endpoint, 'query', name, () => ({ query: make(HEAD_BYTES) }));
  }
}

function* inField(endpoint: Target, field: string): Generator<Case> {
  const sizes = field in MAX_LENGTHS ? [MAX_LENGTHS[field] ?? 0, BODY_BYTES] : [BODY_BYTES];
  for (const bytes of sizes) {
    for (const { name, json } of valuesFor(field)) {
      const text = () => `{${JSON.stringify(field)}:${json(bytes)}}`;
      const input = `${name}, ${sizeName(bytes)}`;
      yield endpointCase(endpoint, `JSON field ${field}`, input, () => ({
        body: { type: JSON_TYPE, text: text() },
      }));
    }
    for (const { name, make } of inCode(field)) {
      yield endpointCase(endpoint, `form field ${field}`, `${name}, ${sizeName(bytes)}`, () => ({
        body: { type: FORM, text: `${field}=${make(bytes)}` },
      }));
    }
  }
}

function* asBody(endpoint: Target): Generator<Case> {
  for (const { name, make } of [...PAIRS, ...(endpoint.fields ?? []).map(again)]) {
    yield endpointCase(endpoint, 'form', name, () => ({
      body: { type: FORM, text: make(BODY_BYTES) },
    }));
  }
  for (const { name, type, make } of documents) {
    yield endpointCase(endpoint, 'body', name, () => ({ body: { type, text: make(BODY_BYTES) } }));
  }
}
