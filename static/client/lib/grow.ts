/**
 * Makes a field grow with its text, where the style cannot (`field-sizing` is new in Firefox and in
 * Safari).
 * @returns call it when the script has changed the text
 */
export function growing(field: HTMLTextAreaElement): () => void {
  if (CSS.supports('field-sizing', 'content')) return () => {};
  let width = 0;
  const fit = () => {
    const { borderTopWidth, borderBottomWidth } = getComputedStyle(field);
    field.style.height = 'auto';
    const borders = Number.parseFloat(borderTopWidth) + Number.parseFloat(borderBottomWidth);
    field.style.height = `${field.scrollHeight + borders}px`;
  };
  field.addEventListener('input', fit);
  // Lines wrap differently in a field of another width.
  new ResizeObserver(() => {
    if (field.clientWidth === width) return;
    width = field.clientWidth;
    fit();
  }).observe(field);
  return fit;
}
