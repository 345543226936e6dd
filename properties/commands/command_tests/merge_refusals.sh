#!/bin/sh
# usage: merge_refusals.sh BINARY
# What cannot be joined is refused with one line; a shard that was killed is left out, and that is said.
set -eu
bad_usage=$(dirname -- "$0")/bad_usage.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hunt() { "$1" hunt --json --no-shrink --cases 600 --policy v3 --jobs 1 $2 || [ $? = 1 ]; }
for shard in 1 2 3; do hunt "$1" "--seed 3 --shard $shard/3" >"$work/$shard.jsonl"; done
hunt "$1" '--seed 4 --shard 2/3' >"$work/other"
hunt "$1" '--seed 3' >"$work/whole"
mkdir "$work/empty"

sh "$bad_usage" "$1" 'it is a shard of another hunt' merge "$work/1.jsonl" "$work/other"
sh "$bad_usage" "$1" 'shard 1 is there already' merge "$work/1.jsonl" "$work/1.jsonl"
sh "$bad_usage" "$1" 'not a shard of a hunt' merge "$work/whole"
sh "$bad_usage" "$1" 'it holds no *.jsonl' merge "$work/empty"
sh "$bad_usage" "$1" '/nonexistent: cannot read' merge /nonexistent
head -c -20 "$work/whole" >"$work/cut"
sh "$bad_usage" "$1" 'it holds no summary of a hunt' merge "$work/cut"
for line in '[]' 'x' '{}' '{"token":"cs2:x","place":"p","schedules":1}' '{"summary":{"part":{"hunt":1}}}'; do
    echo "$line" >"$work/bad"
    sh "$bad_usage" "$1" "$work/bad:1: " merge "$work/bad" "$work/1.jsonl"
done
sed 's/"states":"[^"]*"/"states":"AAAA"/' "$work/1.jsonl" >"$work/bad"
sh "$bad_usage" "$1" 'its counts are damaged' merge "$work/bad"

# The third was killed while it wrote: what it had found is there, its schedules are not.
head -n 1 "$work/3.jsonl" >"$work/killed"
printf '{"contract":"no-hot' >>"$work/killed"
"$1" merge --json "$work/1.jsonl" "$work/2.jsonl" "$work/killed" >"$work/out" 2>"$work/err" || [ $? = 1 ]
grep -q 'without the shards 3$' "$work/err" && [ "$(wc -l <"$work/err")" = 1 ]
tail -n 1 "$work/out" | grep -q '^{"summary":{"schedules":400,'

# A shard of which a scheduler says nonsense, or half.
JOB_COMPLETION_INDEX=1 sh "$bad_usage" "$1" 'set JOB_COMPLETIONS too, or give --shard' hunt --seed 1 --cases 10
SLURM_ARRAY_TASK_ID=x sh "$bad_usage" "$1" 'SLURM_ARRAY_TASK_ID=x: expected a number' hunt --seed 1 --cases 10
JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=2 sh "$bad_usage" "$1" '--shard: give --seed' hunt --cases 10
