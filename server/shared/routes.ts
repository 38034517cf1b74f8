/** The address of a room, as a link has it: the server's pages and their scripts agree on it. */
export function roomPath(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}

/** The room that an address is of, as `pathOf` wrote it, if it is of one. */
export function roomOf(path: string): string | undefined {
  const [, name] = /^\/rooms\/([^/]+)\//.exec(path) ?? [];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** The address of a file of a room. */
export function filePath(room: string, id: string): string {
  return `${roomPath(room)}/files/${id}`;
}
