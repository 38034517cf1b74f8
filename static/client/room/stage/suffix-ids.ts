/** Attributes that refer to elements by their ids. */
const REFERENCES = ['for', 'form', 'aria-describedby', 'aria-labelledby', 'aria-controls'] as const;

/**
 * Adds a suffix to the ids of an element and of all in it, and to what refers to them: so a copy of a
 * fragment can be on the same page. All that a fragment refers to is in it.
 */
export function suffixIds(root: HTMLElement, suffix: string): HTMLElement {
  for (const element of [root, ...root.querySelectorAll<HTMLElement>('*')]) {
    if (element.id !== '') element.id += suffix;
    for (const name of REFERENCES) {
      const ids = element.getAttribute(name);
      if (ids !== null) element.setAttribute(name, ids.replaceAll(/\S+/g, `$&${suffix}`));
    }
  }
  return root;
}
