#!/bin/sh
# usage: full_output.sh BINARY
# Every command that prints, little or much, notices that it cannot.
set -eu
[ -c /dev/full ] || { echo 'there is no /dev/full here'; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" generate --cases 400 >"$work/cases.jsonl"

check() {
    code=0
    "$@" >/dev/full 2>"$work/err" || code=$?
    if [ "$code" != 2 ] || [ "$(cat "$work/err")" != 'cancelsim: standard output: cannot write' ]; then
        echo "'$*': exit code $code; standard error:"
        cat "$work/err"
        exit 1
    fi
}
check "$1" --help
check "$1" list
check "$1" hunt --policy narrow --cases 10
check "$1" hunt --seed 1 --cases 1000 --contract no-hot-loop
check "$1" generate --cases 400
check "$1" trace "$work/cases.jsonl"
