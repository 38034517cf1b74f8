/** Whether a host, as a URL has it, is always the machine of the browser itself (RFC 6761, section 6.3). */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}
