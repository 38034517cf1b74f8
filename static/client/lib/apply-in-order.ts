/** Applies fragments in their order: messages that follow each other together, others one by one. */
export function applyInOrder(
  fragments: readonly HTMLElement[],
  applyMessages: (articles: readonly HTMLElement[]) => void,
  applySignal: (signal: HTMLElement) => void,
): void {
  let articles: HTMLElement[] = [];
  const flush = () => {
    if (articles.length > 0) applyMessages(articles);
    articles = [];
  };
  for (const fragment of fragments) {
    if (fragment.matches('article')) articles.push(fragment);
    else {
      flush();
      applySignal(fragment);
    }
  }
  flush();
}
