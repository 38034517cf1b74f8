/** The keys of the projector, and the tool that each uses; a letter in either case. */
const KEYS = {
  ArrowLeft: 'earlier',
  PageUp: 'earlier',
  ArrowRight: 'later',
  PageDown: 'later',
  ' ': 'open',
  l: 'list',
  r: 'reveal',
  t: 'extend',
  q: 'questions',
  n: 'numbers',
  j: 'join',
  c: 'chat',
  b: 'blank',
  '.': 'blank',
  f: 'whole',
  h: 'keys',
  '?': 'keys',
} as const;

/** Keys for the questions of a Q&A on the stage; elsewhere they do what they do in every page. */
const QUESTION_KEYS = {
  ArrowUp: 'select-previous',
  ArrowDown: 'select-next',
  Enter: 'stage',
  a: 'answered',
} as const;

export type Tool = (typeof KEYS)[keyof typeof KEYS];
export type QuestionTool = (typeof QUESTION_KEYS)[keyof typeof QUESTION_KEYS];

export function toolOf(key: string): Tool | undefined {
  const name = named(key);
  return Object.hasOwn(KEYS, name) ? KEYS[name as keyof typeof KEYS] : undefined;
}

export function questionToolOf(key: string): QuestionTool | undefined {
  const name = named(key);
  return Object.hasOwn(QUESTION_KEYS, name)
    ? QUESTION_KEYS[name as keyof typeof QUESTION_KEYS]
    : undefined;
}

function named(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}
