#!/bin/sh
# usage: first_minute.sh BINARY
# A hunt ends on its summary, after what is broken, in full, and what is known, in few lines; the next one tries first
# what was saved; seeds are printed, and differ.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
binary=$1
"$binary" hunt --seed 1 --cases 20000 --save "$work/saved" >"$work/out" || [ $? = 1 ]
head -n 1 "$work/out" | grep -q ' at: '
grep -q '^F4 ' "$work/out"
[ "$(grep -c '^F4 ' "$work/out")" = 1 ]
tail -n 3 "$work/out" | grep -q 'distinct states'
grep -q 'broken, .* known: 20000 schedules of 4.13.0 upstream in .* seed 1$' "$work/out"
[ "$(wc -l <"$work/out")" -lt 100 ] || { wc -l "$work/out"; exit 1; }

# Ten schedules would hardly find it again.
"$binary" hunt --seed 2 --cases 10 --contract no-hot-loop --save "$work/saved" >"$work/out" || [ $? = 1 ]
grep -q '^no-hot-loop at: done task' "$work/out"
"$binary" hunt --seed 2 --cases 10 --policy narrow --contract no-hot-loop --save "$work/saved" >"$work/out"

# What is no saved failure is left alone, and said.
echo '{"name": "other"}' >"$work/saved/other.json"
"$binary" hunt --seed 2 --cases 10 --policy narrow --contract no-hot-loop --save "$work/saved" >/dev/null 2>"$work/err"
grep -q 'not tried: .*other.json' "$work/err"

seed() { "$binary" hunt --cases 1 --policy narrow | sed -n 's/.*, seed \([0-9]*\)$/\1/p'; }
one=$(seed)
[ -n "$one" ] && [ "$one" != "$(seed)" ]
