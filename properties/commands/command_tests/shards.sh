#!/bin/sh
# usage: shards.sh BINARY
# The shards of a hunt run its schedules, each of them once.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
hunt() { "$1" hunt --json --no-shrink --seed 3 --cases 3001 --policy v3 --jobs 1 $2 || [ $? = 1 ]; }
names() { grep '^{"contract"' "$1" | sed 's/.*"contract":"\([^"]*\)","place":"\([^"]*\)".*/\1 \2/' | sort -u; }
hunt "$1" '' >"$work/whole"
for shard in 1 2 3; do hunt "$1" "--shard $shard/3" >"$work/$shard"; done
cat "$work/1" "$work/2" "$work/3" >"$work/parts"
names "$work/whole" >"$work/names"
names "$work/parts" >"$work/names_of_parts"
cmp "$work/names" "$work/names_of_parts"
sum=0
for shard in 1 2 3; do
    count=$(sed -n 's/^{"summary":{"schedules":\([0-9]*\),.*/\1/p' "$work/$shard")
    sum=$((sum + count))
done
[ "$sum" = 3001 ] || { echo "$sum schedules"; exit 1; }
