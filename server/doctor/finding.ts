/** What a check found, in a sentence that says what to do where something is to be done. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem';
  readonly about: string;
  readonly text: string;
}

export function ok(about: string, text: string): Finding {
  return { level: 'ok', about, text };
}

export function warning(about: string, text: string): Finding {
  return { level: 'warning', about, text };
}

export function problem(about: string, text: string): Finding {
  return { level: 'problem', about, text };
}
