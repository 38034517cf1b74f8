/** What begins like a command, in full width, too: `/usr/bin` and `/ hello` do not. */
const COMMAND = /^[/／]([a-zａ-ｚ]+)(?:\s+|$|(?=["“”„«‹「『《〝'‘＂＇]))/iu;

/** A text as the command it begins with, and what is behind that. */
export interface SlashCommand {
  readonly command: string;
  readonly rest: string;
}

/** Reads the command a message begins with, if it does. The page and the server read it alike. */
export function parseSlashCommand(body: string): SlashCommand | undefined {
  const [start, command] = COMMAND.exec(body) ?? [];
  if (start === undefined || command === undefined) return undefined;
  return { command: command.normalize('NFKC').toLowerCase(), rest: body.slice(start.length) };
}

/** What a message says that begins with two slashes, for it begins with one. */
export function unescapeSlash(body: string): string {
  return /^(?:\/\/|／／)/.test(body) ? body.slice(1) : body;
}
