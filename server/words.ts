import type { RefusalCode } from './errors.ts';

/** Every word on the screen, in every language. `{name}` stands for a value. */
const en = {
  language: 'English',
  languages: 'Language',
  // The room
  visitor: 'visitor',
  you: 'you',
  skip: 'Skip to the message field',
  messages: 'Messages',
  'first-message': 'Nobody has said anything yet. Say hello!',
  beginning: 'The beginning of this room',
  'loading-older': 'Loading older messages…',
  'older-failed': 'Older messages could not be loaded.',
  'try-again': 'Try again',
  'new-messages': 'New messages',
  'your-message': 'Your message',
  'message-hint': 'Write a message',
  'message-keys': 'Enter sends, Shift+Enter starts a new line',
  send: 'Send',
  'left-to-write': '{count} left',
  'too-many': '{count} too many',
  // The connection
  socket: 'Live',
  stream: 'Stream',
  'long-poll': 'Long poll',
  poll: 'Poll',
  way: 'How to connect',
  automatic: 'Automatic',
  'by-socket': 'WebSocket',
  'by-stream': 'Stream (SSE)',
  'by-long-poll': 'Long poll',
  'by-poll': 'Poll',
  connecting: 'Connecting…',
  closed: 'Closed',
  connect: 'Connect',
  'close-connection': 'Close connection',
  'kept-text': 'Not connected. Your text is kept; connect to send it.',
  'not-answered': 'Not confirmed yet. It is sent again as soon as the connection is back.',
  older: 'Older messages',
  newest: 'Back to the newest messages',
  // Pages that help
  'go-to-lobby': 'Go to the lobby',
  'did-you-mean': 'Did you mean',
  // What went wrong
  'not-json': 'That was not JSON.',
  'not-text': 'Only text can be sent here.',
  'no-message': 'There was no "message" text in that.',
  'bad-cid': 'The "cid" of a message has 1 to 64 letters, digits, "-" or "_".',
  empty: 'The message is empty.',
  'too-long': 'The message has {count} characters; {max} is the most.',
  'cid-reused': 'Another message was already sent under this "cid".',
  'bad-cursor': '"{cursor}" is not a cursor: it looks like epoch.number.',
  'bad-number': '"{name}" has to be a whole number from {min} to {max}.',
  'not-utf8': 'That was not text in UTF-8.',
  'too-large': 'That was more than 64 KiB.',
  'unknown-type': 'Send a form or JSON, and say so in "Content-Type".',
  'needs-web-socket': 'This address is for WebSocket. Without one, take "events" or "messages".',
  'bad-request': 'The request could not be read.',
  'foreign-origin': 'This page is not allowed to use the server.',
  'no-page': 'There is no such page.',
  'no-room': 'No room can have this name: 1 to 40 letters, digits, "-" or "_", in any script.',
  'wrong-method': 'That cannot be done here.',
  'slow-down': 'That was too fast. Wait a moment, then send it again.',
  flood: 'Too much, too fast: the connection was closed.',
  busy: 'The server has too much to do. Please send it again.',
  'not-saved': 'The message could not be saved. Please send it again.',
  closing: 'The server is restarting. Please send it again in a moment.',
  broken: 'Something went wrong on the server. It has been noted.',
} as const satisfies Record<RefusalCode, string> & Record<string, string>;

export type Word = keyof typeof en;

const zh: Readonly<Record<Word, string>> = {
  language: '中文',
  languages: '语言',
  visitor: '游客',
  you: '我',
  skip: '跳到输入框',
  messages: '消息',
  'first-message': '还没有人说话，来打个招呼吧！',
  beginning: '聊天室从这里开始',
  'loading-older': '正在加载更早的消息…',
  'older-failed': '更早的消息没能加载。',
  'try-again': '重试',
  'new-messages': '新消息',
  'your-message': '你的消息',
  'message-hint': '写点什么',
  'message-keys': '回车发送，Shift+回车换行',
  send: '提交',
  'left-to-write': '还可以写 {count} 个字',
  'too-many': '超出 {count} 个字',
  socket: '已连接',
  stream: '事件流',
  'long-poll': '长轮询',
  poll: '轮询',
  way: '连接方式',
  automatic: '自动',
  'by-socket': 'WebSocket',
  'by-stream': '事件流 (SSE)',
  'by-long-poll': '长轮询',
  'by-poll': '轮询',
  connecting: '正在连接…',
  closed: '已关闭',
  connect: '创建连接',
  'close-connection': '关闭连接',
  'kept-text': '未连接。文字已保留，连接后即可发送。',
  'not-answered': '尚未确认，连接恢复后会自动重发。',
  older: '更早的消息',
  newest: '回到最新消息',
  'go-to-lobby': '去大厅',
  'did-you-mean': '你要找的是不是',
  'not-json': '这不是 JSON。',
  'not-text': '这里只能发送文字。',
  'no-message': '其中没有 "message" 文字。',
  'bad-cid': '消息的 "cid" 由 1 到 64 个字母、数字、"-" 或 "_" 组成。',
  empty: '消息是空的。',
  'too-long': '消息有 {count} 个字，最多 {max} 个。',
  'cid-reused': '这个 "cid" 已用于另一条消息。',
  'bad-cursor': '"{cursor}" 不是游标，游标的格式是 epoch.number。',
  'bad-number': '"{name}" 应为 {min} 到 {max} 的整数。',
  'not-utf8': '这不是 UTF-8 文本。',
  'too-large': '内容超过了 64 KiB。',
  'unknown-type': '请发送表单或 JSON，并在 "Content-Type" 中说明。',
  'needs-web-socket': '这个地址只用于 WebSocket。没有的话，请用 "events" 或 "messages"。',
  'bad-request': '无法读懂这个请求。',
  'foreign-origin': '这个页面无权使用本服务器。',
  'no-page': '没有这个页面。',
  'no-room': '聊天室不能叫这个名字：名字由 1 到 40 个字母、汉字、数字、"-" 或 "_" 组成。',
  'wrong-method': '这里不能这样做。',
  'slow-down': '太快了。请稍等片刻再发送。',
  flood: '发送过多过快，连接已关闭。',
  busy: '服务器太忙，请重新发送。',
  'not-saved': '消息没能保存，请重新发送。',
  closing: '服务器正在重启，请稍后重新发送。',
  broken: '服务器出了问题，已记录下来。',
};

const catalogue = { en, zh } as const;

export type Language = keyof typeof catalogue;
export const languages = Object.keys(catalogue) as readonly Language[];

export function wordsOf(language: Language): Readonly<Record<Word, string>> {
  return catalogue[language];
}

/** A word or a sentence in a language, its values filled in. */
export function say(
  language: Language,
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return wordsOf(language)[word].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? value.toLocaleString(language) : value;
  });
}
