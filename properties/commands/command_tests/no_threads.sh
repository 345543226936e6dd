#!/bin/sh
# usage: no_threads.sh BINARY
# A thread that cannot be started is one line, and exit code 2; where some can, those do the work.
set -eu
command -v setpriv >/dev/null && command -v prlimit >/dev/null || { echo "skipped: no setpriv, or no prlimit"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp "$1" "$work/cancelsim"
# Limits hold for nobody but the superuser; another number of a user has no processes yet.
limited() { # PROCESSES ARGUMENT...
    processes=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        prlimit --nproc="$processes" setpriv --reuid=64321 --regid=64321 --clear-groups "$work/cancelsim" "$@"
    else
        echo "skipped: needs the superuser"
        exit 77
    fi
}
code=0
limited 1 hunt --cases 1000 --seed 1 --jobs 4 >/dev/null 2>"$work/err" || code=$?
[ "$code" = 2 ] && grep -qx 'cancelsim: cannot start a thread: .*' "$work/err" && [ "$(wc -l <"$work/err")" = 1 ] ||
    { echo "exit code $code"; cat "$work/err"; exit 1; }
"$1" hunt --json --cases 1000 --seed 1 --jobs 1 | sed 's/"seconds":[^,}]*//' >"$work/one"
limited 3 hunt --json --cases 1000 --seed 1 --jobs 8 2>"$work/err" | sed 's/"seconds":[^,}]*//' >"$work/some"
cmp "$work/one" "$work/some" || { cat "$work/err"; exit 1; }
