#!/bin/sh
# usage: unwritable.sh BINARY
# A disk that is full, a reader that is gone and a standard error that cannot be written end nothing, and lose nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# No file can grow beyond a block: nothing is saved, all is printed, one line says why.
{
    (ulimit -f 0; trap '' XFSZ; "$1" hunt --all --seed 1 --cases 3000 --no-shrink --save "$work/full") 2>&3 | cat >"$work/out"
} 3>&1 | cat >"$work/err"
grep -q '^./cancelsim replay cs2:' "$work/out"
grep -q '^cancelsim: .*: cannot write: File too large$' "$work/err" || { cat "$work/err"; exit 1; }
[ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; exit 1; }
[ -z "$(find "$work/full" -type f)" ]

"$1" generate --cases 100000 2>"$work/err" | head -n 1 >/dev/null
[ ! -s "$work/err" ] || { cat "$work/err"; exit 1; }

if [ -c /dev/full ]; then
    code=0
    "$1" hunt --nosuch 2>/dev/full || code=$?
    [ "$code" = 2 ] || { echo "standard error full: exit code $code"; exit 1; }
fi
