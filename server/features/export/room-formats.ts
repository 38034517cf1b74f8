import type { Message } from '../../core/message.ts';
import { displayName } from '../../shared/display-name.ts';
import type { Language } from '../../shared/i18n.ts';
import { template } from '../../templates.ts';
import { readFiles } from '../attachments/apply-files.ts';
import type { Attachment } from '../attachments/attachment.ts';
import { bodyHtml } from '../messages/body.ts';
import { render } from '../messages/fragment.ts';
import { readQuote } from '../messages/quote.ts';
import { systemMessageText } from '../moderation/system-message-view.ts';
import { parsePoll, visibleOptions } from '../polls/poll.ts';
import { readReactions } from '../reactions/reaction.ts';
import type { ExportedRoom } from './exported-room.ts';

/** Reads the content of a file; `undefined` where it is not on the disk. */
type ReadFile = (id: string) => Buffer | undefined;

/** The parts of a file in some format, in their order. */
type RoomFormat = (room: ExportedRoom, language: Language, readFile: ReadFile) => Iterable<string>;

const head = template<{
  readonly language: Language;
  readonly title: string;
  readonly topic: string;
}>('export-head');

const article = template<{
  readonly id: number;
  readonly name: string;
  readonly at: string;
  readonly text: string;
  /** The same, rendered; `undefined` where it is no Markdown. */
  readonly html: string | undefined;
  readonly quote: { readonly id: number; readonly text: string | null } | undefined;
  readonly options: readonly { readonly text: string; readonly count: number }[];
  readonly files: readonly {
    readonly name: string;
    readonly data: string;
    readonly isImage: boolean;
  }[];
  readonly reactions: readonly { readonly emoji: string; readonly count: number }[];
}>('export-message');

/** One file, with the uploads in it, that a browser opens without a server. */
function* html(
  { settings: { title, topic }, messages }: ExportedRoom,
  language: Language,
  readFile: ReadFile,
): Iterable<string> {
  yield `${head({ language, title, topic })}\n`;
  for (const message of messages) {
    const { id, at } = message;
    const text = textOf(message, language);
    yield `${article({
      id,
      name: displayName(language, message),
      at: timeOf(at),
      text,
      html: message.kind === 'message' ? bodyHtml(text) : undefined,
      quote: readQuote(message),
      options: optionsOf(message),
      files: readFiles(message).flatMap((file) => embedded(file, readFile)),
      reactions: readReactions(message),
    })}\n`;
  }
  yield '</main>\n</body>\n</html>\n';
}

/** A message in each line, as the protocol has it. */
function* jsonl({ messages }: ExportedRoom): Iterable<string> {
  for (const message of messages) yield `${render(message, 'json')}\n`;
}

/** The texts as they were written; the names of uploads only. */
function* markdown(
  { settings: { title, topic }, messages }: ExportedRoom,
  language: Language,
): Iterable<string> {
  yield `# ${title}\n${topic ? `\n${topic}\n` : ''}`;
  for (const message of messages) {
    const quote = readQuote(message)?.text;
    const lines = [
      `**${displayName(language, message)}** ${timeOf(message.at)}`,
      ...(quote ? [`> ${quote}`] : []),
      textOf(message, language),
      optionsOf(message)
        .map(({ text, count }) => `- ${text}: ${count}`)
        .join('\n'),
      readFiles(message)
        .map(({ name }) => `- 📎 ${name}`)
        .join('\n'),
    ];
    yield `\n${lines.filter(Boolean).join('\n\n')}\n`;
  }
}

/** The formats, by how the name of the file ends. */
export const ROOM_FORMATS: Readonly<Record<string, RoomFormat>> = {
  '.html': html,
  '.jsonl': jsonl,
  '.md': markdown,
};

function textOf(message: Message, language: Language): string {
  if (message.kind === 'system') return systemMessageText(message, language);
  return message.kind === 'poll' ? parsePoll(message.body).question : message.body;
}

function optionsOf(message: Message) {
  return message.kind === 'poll' ? visibleOptions(parsePoll(message.body)) : [];
}

function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

function embedded({ id, name, picture }: Attachment, readFile: ReadFile) {
  const content = readFile(id);
  if (!content) return [];
  const type = picture?.type ?? 'application/octet-stream';
  const data = `data:${type};base64,${content.toString('base64')}`;
  return [{ name, data, isImage: picture !== null }];
}
