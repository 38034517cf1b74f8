#!/bin/sh
# Installs Typhoon from the folder of this script, or removes it:
#   install.sh [--root DIR] [--uninstall]
set -eu
root=
uninstall=
while [ $# -gt 0 ]; do
  case $1 in
    --root) root=${2%/}; shift 2 ;;
    --uninstall) uninstall=yes; shift ;;
    *) echo "install.sh [--root DIR] [--uninstall]" >&2; exit 2 ;;
  esac
done
here=$(dirname "$(readlink -f "$0")")
lib=$root/usr/local/lib/typhoon
command=$root/usr/local/bin/typhoon
unit=$root/usr/local/lib/systemd/system/typhoon.service

if [ "$uninstall" ]; then
  rm -rf "$lib" "$command" "$unit"
  echo "Typhoon is removed. Its data is still in /var/lib/typhoon, its options in /etc/typhoon.env."
  exit
fi
if [ -z "$root" ] && ! "$here/bin/node" --version > /dev/null; then
  echo "Node does not start on this machine. On Debian and Ubuntu: apt install libatomic1" >&2
  exit 1
fi
mkdir -p "$(dirname "$lib")" "$(dirname "$command")" "$(dirname "$unit")"
# A copy that is interrupted leaves what was installed before as it is.
rm -rf "$lib.new"
cp -R "$here" "$lib.new"
rm -rf "$lib"
mv "$lib.new" "$lib"
ln -sfn ../lib/typhoon/bin/typhoon "$command"
cp "$here/typhoon.service" "$unit"
echo "Typhoon is installed. Options go into /etc/typhoon.env: typhoon --help lists them."
echo "To start it now and whenever the machine starts: systemctl enable --now typhoon"
