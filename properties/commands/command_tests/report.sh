#!/bin/sh
# usage: report.sh BINARY
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
line=$("$1" hunt --all --seed 1 --cases 500 --jobs 1 | grep '^./cancelsim replay.*no-hot-loop' | head -n 1) || true
[ -n "$line" ]
# shellcheck disable=SC2086  # the words of the line, as they are pasted
"$1" report $line -o "$work/page.html"
grep -q '^<!doctype html>' "$work/page.html"
tail -n 1 "$work/page.html" | grep -q '^</html>$'
grep -qF "${line#./cancelsim replay }" "$work/page.html"
# Equal failures have equal pages.
"$1" report "$line" >"$work/again.html"
cmp "$work/page.html" "$work/again.html"

"$1" report "$line" --markdown -o "$work/issue.md"
grep -q '^### `no-hot-loop` is broken at: ' "$work/issue.md"
grep -qF "$line" "$work/issue.md"
[ "$(grep -c '^```' "$work/issue.md")" = 6 ]
if grep -q "$(printf '\033')" "$work/issue.md"; then echo "colour in a file"; exit 1; fi
# The program in it is the one that fails.
sed -n '/^```python$/,/^```$/p' "$work/issue.md" | sed '1d;$d' >"$work/case.py"
"$1" judge "$work/case.py" | grep -q no-hot-loop

"$1" report "$line" --json | grep -q '^{"contract":"no-hot-loop"'
"$1" export "$line" --perfetto | grep -q '"traceEvents":\['
