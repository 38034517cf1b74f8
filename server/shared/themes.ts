export const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

/** The media in which a page with a theme looks light, and those in which it looks dark. */
export const mediaOfTheme: Readonly<
  Record<Theme, { readonly light: string; readonly dark: string }>
> = {
  system: { light: '(prefers-color-scheme: light)', dark: '(prefers-color-scheme: dark)' },
  light: { light: 'all', dark: 'not all' },
  dark: { light: 'not all', dark: 'all' },
};
