/** A file size for display, on the server's pages and in their scripts. */
export function formatBytes(bytes: number): string {
  const [size, unit] =
    bytes < 1_024
      ? [bytes, 'B']
      : bytes < 1_048_576
        ? [bytes / 1_024, 'KiB']
        : bytes < 1_073_741_824
          ? [bytes / 1_048_576, 'MiB']
          : [bytes / 1_073_741_824, 'GiB'];
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${unit}`;
}
