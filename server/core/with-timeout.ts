/**
 * What a promise resolves to, or, where that takes longer, what `late` returns.
 * @param ms milliseconds
 * @throws what the promise rejects with in time, or what `late` throws
 */
export async function withTimeout<T, L>(
  answer: Promise<T>,
  ms: number,
  late: () => L,
): Promise<T | L> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, ms);
  try {
    return await Promise.race([answer, timeout.promise.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
