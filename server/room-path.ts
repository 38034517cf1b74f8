/** The address of a room, as a link has it: the server's pages and their scripts agree on it. */
export function pathOf(room: string): string {
  return `/rooms/${encodeURIComponent(room)}`;
}

/** The address of a file of a room. */
export function pathOfFile(room: string, id: string): string {
  return `${pathOf(room)}/files/${id}`;
}
