const COMMANDS: ReadonlySet<string> = new Set(['me', 'poll', 'rate', 'words', 'questions', 'help']);

/**
 * The beginning of a command, full-width too, but not `/usr/bin` or `/ hello`. Some Chinese input
 * methods type `、` by the key of the slash.
 */
const COMMAND = /^([/／、])([a-zａ-ｚ]+)(?:\s+|$|(?=["“”„«‹「『《〝'‘＂＇]))/iu;

/** A command at the beginning of a text, and the rest of it. */
interface SlashCommand {
  readonly command: string;
  readonly rest: string;
}

/** Parses the command that a message begins with, if any. The server and the page share it. */
export function parseSlashCommand(body: string): SlashCommand | undefined {
  const [start, sign, letters] = COMMAND.exec(body) ?? [];
  if (start === undefined || letters === undefined) return undefined;
  const command = letters.normalize('NFKC').toLowerCase();
  // After a comma, a word that is no command is a word.
  if (sign === '、' && !COMMANDS.has(command)) return undefined;
  return { command, rest: body.slice(start.length) };
}

/** The text of a message that begins with two slashes, which stand for one. */
function unescapeSlash(body: string): string {
  return /^(?:\/\/|／／)/.test(body) ? body.slice(1) : body;
}

/** The text of a message without the command or the slash before it, and whether it is an emote. */
export function parseEmote(body: string): { readonly text: string; readonly isEmote: boolean } {
  const slash = parseSlashCommand(body);
  const isEmote = slash?.command === 'me' && slash.rest !== '';
  return { text: isEmote ? slash.rest : unescapeSlash(body), isEmote };
}
