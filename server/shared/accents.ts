/** The colours of links and buttons that the owner of a server can choose from: see tokens.css and dark.css. */
export const accents = ['teal', 'blue', 'violet', 'pink', 'orange', 'green'] as const;

export type Accent = (typeof accents)[number];
