#!/bin/sh
# usage: malformed.sh BINARY
# Feeds each line of malformed.jsonl on its own to `trace`. Nothing of such a case may run.
set -eu
bad_usage=$(dirname -- "$0")/bad_usage.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lines=0
while IFS= read -r line; do
    lines=$((lines + 1))
    printf '%s\n' "$line" >"$work/case.jsonl"
    sh "$bad_usage" "$1" "$work/case.jsonl:1: " trace "$work/case.jsonl" || { echo "line $lines: $line"; exit 1; }
done <"$(dirname -- "$0")/malformed.jsonl"
[ "$lines" -ge 40 ]

# A good case before it does not run either, and what is no text at all is refused like any other line.
printf '%s\n' '{"name":"good","main":[]}' '{"name":"bad"}' >"$work/two.jsonl"
sh "$bad_usage" "$1" "$work/two.jsonl:2: main: expected a list of statements, got no such key" trace "$work/two.jsonl"
head -c 1000 "$1" >"$work/binary.jsonl"
sh "$bad_usage" "$1" "$work/binary.jsonl:" trace "$work/binary.jsonl"
