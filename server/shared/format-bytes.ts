/** How large a file is, for people to read: the server's pages and their scripts agree on it. */
export function formatBytes(bytes: number): string {
  const [size, unit] =
    bytes < 1_024
      ? [bytes, 'B']
      : bytes < 1_048_576
        ? [bytes / 1_024, 'KiB']
        : [bytes / 1_048_576, 'MiB'];
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${unit}`;
}
