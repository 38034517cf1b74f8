/**
 * The prefix of a command that mounts a file system at a folder, visible to that command alone. It
 * needs no root: on Linux, a user can mount in a new user namespace (user_namespaces(7)).
 * @param options as mount(8) has them: `size=8m,nr_inodes=40`, or `ro`
 */
export function withTmpfs(folder: string, options: string): readonly string[] {
  const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"';
  return ['unshare', ...namespace, 'sh', '-c', script, 'sh', options, folder];
}

/**
 * The prefix of a command that may only read what its user may read: root reads everything, unless it
 * loses the capabilities for that (capabilities(7)).
 */
export function withoutOverride(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  return ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
}
