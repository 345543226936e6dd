#!/bin/sh
# usage: jobs_agree.sh BINARY
# But for the seconds, the JSON of a hunt is the same, byte for byte, whatever the number of jobs.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for jobs in 1 2 3; do
    code=0
    "$1" hunt --json --seed 7 --cases 6000 --policy v3 --jobs $jobs >"$work/whole" || code=$?
    [ "$code" = 1 ] || { echo "--jobs $jobs: expected exit code 1, got $code"; exit 1; }
    sed 's/"seconds":[^,}]*//' "$work/whole" >"$work/$jobs"
done
cmp "$work/1" "$work/2"
cmp "$work/1" "$work/3"
[ "$(wc -l <"$work/1")" -gt 3 ]
