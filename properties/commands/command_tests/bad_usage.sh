#!/bin/sh
# usage: bad_usage.sh BINARY EXPECTED [ARGUMENT...]
# The command must exit with 2, print nothing, and say one line on standard error that contains EXPECTED.
set -eu
binary=$1
expected=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
"$binary" "$@" </dev/null >"$work/out" 2>"$work/err" || code=$?

fail() {
    echo "$1; standard error:"
    cat "$work/err"
    exit 1
}
[ "$code" = 2 ] || fail "expected exit code 2, got $code"
[ ! -s "$work/out" ] || fail "expected nothing on standard output"
[ "$(wc -l <"$work/err")" = 1 ] || fail "expected one line on standard error"
grep -q '^cancelsim: ' "$work/err" || fail "expected the line to say who speaks"
grep -qF -e "$expected" "$work/err" || fail "expected '$expected' in it"
