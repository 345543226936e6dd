#!/bin/sh
# usage: resume.sh BINARY
# A hunt that is killed again and again, and goes on each time, finds what one that is left alone finds, saves the same
# files, and leaves nothing half written.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hunt="hunt --all --policy v3 --seed 5 --cases 60000 --jobs 2"
# shellcheck disable=SC2086  # words, not one
"$1" $hunt --save "$work/alone" >"$work/alone.txt" || [ $? = 1 ]
# shellcheck disable=SC2086
"$1" $hunt --save "$work/killed" >/dev/null 2>&1 &
hunt=$!
while [ ! -e "$work/killed/hunt-1-of-1.state" ]; do sleep 0.05; done
for wait in 0.1 0.3 0.2 0.5 0.4; do
    sleep $wait
    kill -KILL "$hunt" 2>/dev/null || true
    wait "$hunt" || true
    for file in "$work"/killed/*.json; do
        [ -e "$file" ] || continue
        "$1" replay "$file" >/dev/null || [ $? = 1 ] || { echo "$file does not replay"; exit 1; }
    done
    "$1" hunt --resume "$work/killed" >/dev/null 2>&1 &
    hunt=$!
done
wait "$hunt" || [ $? = 1 ]
"$1" hunt --all --resume "$work/killed" >"$work/killed.txt" || [ $? = 1 ]
failures() { grep '^./cancelsim replay' "$1"; }
failures "$work/alone.txt" >"$work/1"
failures "$work/killed.txt" >"$work/2"
cmp "$work/1" "$work/2"
[ -s "$work/1" ]
grep -q ': 60000 schedules of' "$work/killed.txt"
grep '^distinct ' "$work/alone.txt" >"$work/1"
grep '^distinct ' "$work/killed.txt" >"$work/2"
cmp "$work/1" "$work/2"
[ "$(wc -l <"$work/1")" = 2 ]
(cd "$work/alone" && ls -A) >"$work/1"
(cd "$work/killed" && ls -A) >"$work/2"
diff "$work/1" "$work/2"

# A state that was damaged is refused.
for damage in 's/"strategy":"random"/"strategy":"x"/' 's/"shards":1/"shards":0/'; do
    mkdir "$work/damaged"
    sed "$damage" "$work/killed/hunt-1-of-1.state" >"$work/damaged/hunt-1-of-1.state"
    code=0
    "$1" hunt --resume "$work/damaged" >/dev/null 2>"$work/err" || code=$?
    [ "$code" = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; exit 1; }
    rm -r "$work/damaged"
done

# Its own options stay.
code=0
"$1" hunt --resume "$work/killed" --policy narrow >/dev/null 2>"$work/err" || code=$?
[ "$code" = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; exit 1; }
code=0
"$1" hunt --resume "$work" >/dev/null 2>"$work/err" || code=$?
[ "$code" = 2 ] && [ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; exit 1; }
