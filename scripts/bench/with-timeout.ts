/** @throws Error if the work is not done in time; it may go on in the background */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const error = new Error(`It was not done within ${Math.round(ms / 1000)} s.`);
  const timer = setTimeout(() => reject(error), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
