#!/bin/sh
# usage: launcher.sh BINARY LAUNCHER
# A checkout that cannot be written runs what was built in it; where nothing was, one line says so.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir -p "$work/build/release"
cp "$2" "$work/cancelsim"
cp "$1" "$work/build/release/cancelsim"
chmod -R a-w,a+rX "$work"
launch() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$work/cancelsim" "$@"
    else
        "$work/cancelsim" "$@"
    fi
}
launch --version | grep -q '^cancelsim '
chmod u+w "$work/build/release"
rm -f "$work/build/release/cancelsim"
chmod a-w "$work/build/release"
code=0
message=$(launch --version 2>&1) || code=$?
[ "$code" = 2 ] && [ "$message" = "cancelsim: cannot write to $work/build/release" ] || { echo "exit code $code: $message"; exit 1; }
