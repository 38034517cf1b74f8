/** The path of a room, for the server and the client scripts. */
export function roomPath(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}

/** The path that others are given: the short one, where the room has a join code. */
export function joinPath(path: string, code: string | null | undefined): string {
  return code ? `/j/${code}` : path;
}

/** The room of a path made by `roomPath`; `undefined` for any other path. */
export function roomOf(path: string): string | undefined {
  const [, name] = /^\/rooms\/([^/]+)\//.exec(path) ?? [];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** The path of a file of a room. */
export function filePath(room: string, id: string): string {
  return `${roomPath(room)}/files/${id}`;
}
