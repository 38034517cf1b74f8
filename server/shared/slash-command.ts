/** The beginning of a command, full-width too, but not `/usr/bin` or `/ hello`. */
const COMMAND = /^[/／]([a-zａ-ｚ]+)(?:\s+|$|(?=["“”„«‹「『《〝'‘＂＇]))/iu;

/** A command at the beginning of a text, and the rest of it. */
export interface SlashCommand {
  readonly command: string;
  readonly rest: string;
}

/** Parses the command that a message begins with, if any. The server and the page share it. */
export function parseSlashCommand(body: string): SlashCommand | undefined {
  const [start, command] = COMMAND.exec(body) ?? [];
  if (start === undefined || command === undefined) return undefined;
  return { command: command.normalize('NFKC').toLowerCase(), rest: body.slice(start.length) };
}

/** The text of a message that begins with two slashes, which stand for one. */
export function unescapeSlash(body: string): string {
  return /^(?:\/\/|／／)/.test(body) ? body.slice(1) : body;
}
