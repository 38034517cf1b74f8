/** Colours that colour-blind people can distinguish (Okabe and Ito, 2008), on light and on dark. */
const COLORS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#8a8f00'];

/** The colour of an option in every chart of its poll. */
export function colorOf(option: number): string {
  return COLORS[option % COLORS.length] ?? '';
}
