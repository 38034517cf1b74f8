import { Idiomorph } from 'idiomorph';

/** What this page has added to a fragment by itself survives when the fragment changes. */
const KEEPING = {
  callbacks: {
    // Input in a poll is not overwritten while it is typed.
    beforeNodeMorphed: (node: Node) => !(node instanceof Element && node.matches('.suggest')),
    // A menu that is open stays open.
    beforeAttributeUpdated: (name: string, element: Element) =>
      !(name === 'open' && element.matches('details')),
    beforeNodeRemoved: (node: Node) => !(node instanceof Element && node.matches('.client-only')),
  },
};

/** Morphs an element into the new one: it and its content stay where they can. */
export function morph(here: HTMLElement, next: HTMLElement): void {
  Idiomorph.morph(here, next, KEEPING);
}
