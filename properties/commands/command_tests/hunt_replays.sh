#!/bin/sh
# usage: hunt_replays.sh BINARY
# The last replay line of a hunt, run verbatim beside a `cancelsim`, replays the failure with the digest that its token says.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$1" cancelsim

code=0
./cancelsim hunt --seed 1 --cases 4000 --contract no-rearm-without-live-tasks --contract no-hot-loop >hunt.txt || code=$?
[ "$code" = 1 ] || { echo "hunt: expected exit code 1, got $code"; exit 1; }
grep -q '^no-rearm-without-live-tasks at: done task' hunt.txt || { cat hunt.txt; exit 1; }

last=$(grep '^./cancelsim replay' hunt.txt | tail -n 1)
case $last in
'./cancelsim replay cs2:'*) ;;
*) echo "no replay line: $last"; exit 1 ;;
esac
digest=$(echo "$last" | cut -d: -f4)
for time in first second; do
    code=0
    sh -c "$last" >"$time.txt" || code=$?
    [ "$code" = 1 ] || { echo "replay: expected exit code 1, got $code"; exit 1; }
    grep -q "digest *$digest\$" "$time.txt" || { echo "digest $digest is not that of:"; cat "$time.txt"; exit 1; }
done
cmp first.txt second.txt
sh -c "$last --json" >replay.json || code=$?
grep -q "\"digest\":\"$digest\"" replay.json
