#!/bin/sh
# usage: hunt_fixes.sh BINARY
# With every fix upstream's policy still breaks something that no fix mends; the token names the fixes, and replays.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hunt() { "$1" hunt --all --kernel 4.14.2 --policy upstream --contract no-hot-loop --cases 4000 --seed 1 "$2" $3 >"$work/hunt.txt"; }

# What is broken is known: the hunt exits with 0.
hunt "$1" --fixes ''
grep -q '^  kernel    4.14.2 upstream +fixes$' "$work/hunt.txt" || { cat "$work/hunt.txt"; exit 1; }
last=$(grep '^./cancelsim replay' "$work/hunt.txt" | tail -n 1)
token=${last##* }
case $token in
cs2:model,4.14.2,upstream,3.11,*,left-scope*:no-hot-loop:*) ;;
*) echo "the token does not name the fixes: $last"; exit 1 ;;
esac
code=0
"$1" replay "$token" >"$work/replay.txt" || code=$?
[ "$code" = 0 ] || { echo "replay of what is known: expected exit code 0, got $code"; exit 1; }
grep -q '^  kernel    4.14.2 upstream +fixes$' "$work/replay.txt" || { cat "$work/replay.txt"; exit 1; }
digest=$(echo "$token" | cut -d: -f4)
grep -q "digest *$digest\$" "$work/replay.txt" || { cat "$work/replay.txt"; exit 1; }

# A defect comes on top of them, and a fix named again is one of them.
code=0
hunt "$1" --fixes '--defect 698 --defect carried' || code=$?
[ "$code" -le 1 ] || { echo "with a defect: exit code $code"; exit 1; }
grep -q '^  kernel    4.14.2 upstream +fixes +698$' "$work/hunt.txt" || { cat "$work/hunt.txt"; exit 1; }
