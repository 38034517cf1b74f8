/** Applies fragments in their order: messages that follow each other together, others one by one. */
export function applyInOrder(
  fragments: readonly HTMLElement[],
  takeMessages: (articles: readonly HTMLElement[]) => void,
  takeSignal: (signal: HTMLElement) => void,
): void {
  let articles: HTMLElement[] = [];
  const flush = () => {
    if (articles.length > 0) takeMessages(articles);
    articles = [];
  };
  for (const fragment of fragments) {
    if (fragment.matches('article')) articles.push(fragment);
    else {
      flush();
      takeSignal(fragment);
    }
  }
  flush();
}
