/**
 * The prefix of a command that gives it a file system of its own at a folder, which nobody else
 * sees. It needs no root: Linux gives everybody mounts in a namespace of their own
 * (user_namespaces(7)).
 * @param options as mount(8) has them: `size=8m,nr_inodes=40`, or `ro`
 */
export function withTmpfs(folder: string, options: string): readonly string[] {
  const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"';
  return ['unshare', ...namespace, 'sh', '-c', script, 'sh', options, folder];
}
