type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

/**
 * Whether a key belongs to an input method, which composes characters with it. Safari ends the
 * composition before it reports the key that ended it: there only the legacy keyCode shows it (UI
 * Events, section 7.3.1).
 */
export function isOfInputMethod({ isComposing, keyCode }: Key): boolean {
  return isComposing || keyCode === 229;
}

/** Whether a click on a link opens or saves it elsewhere: that is left to the browser. */
export function isModified({
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): boolean {
  return ctrlKey || metaKey || shiftKey || altKey;
}

type EnterKey = Key & Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>;

/**
 * Whether a key sends what is in the field. On-screen keyboards have no Shift+Enter: there Enter
 * breaks the line, and the button sends.
 */
export function isSendKey(event: EnterKey, isTouch: boolean): boolean {
  const { key, shiftKey, ctrlKey, metaKey } = event;
  if (key !== 'Enter' || isOfInputMethod(event)) return false;
  return ctrlKey || metaKey || !(shiftKey || isTouch);
}
