import { Idiomorph } from 'idiomorph';

/** What this page has added to a fragment by itself stays when the fragment changes. */
const KEEPING = {
  callbacks: {
    // What somebody writes into a poll is not taken from under their fingers.
    beforeNodeMorphed: (node: Node) => !(node instanceof Element && node.matches('.suggest')),
    beforeNodeRemoved: (node: Node) => !(node instanceof Element && node.matches('.mine')),
  },
};

/** Makes what is on the page into what came: the element stays, and what is in it, where it can. */
export function morph(here: HTMLElement, next: HTMLElement): void {
  Idiomorph.morph(here, next, KEEPING);
}
