#!/bin/sh
# usage: ci_document.sh BINARY DOCUMENT
# Runs what the document tells CI to run, for less long. GNU parallel and Slurm have tests of their own: merge.sh.
set -eu
binary=$1
document=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$binary" cancelsim
export GITHUB_SHA=8e94741c0de0000000000000000000000000beef CI_COMMIT_SHA=8e94741c0de0000000000000000000000000beef
sed -n 's/^ *- \(run: \)\{0,1\}\(\.\/cancelsim .*\)/\2/p' "$document" | sed 's/--time [0-9a-z]*/--cases 500/' >commands
[ "$(wc -l <commands)" = 2 ]
while IFS= read -r command; do
    echo "$command"
    GITHUB_ACTIONS=true sh -c "$command" >out || [ $? = 1 ] || { cat out; exit 1; }
    [ -d failures ]
done <commands
[ -s hunt.sarif ] && [ -s hunt.xml ]
grep -q "seed $((0x8e94741c0de0000))\$" out

# The shards: every option that the document gives them is there.
sed -n "s/^seq 4 | parallel '\(.*\)'\$/\1/p" "$document" | sed 's/--cases [0-9]*/--cases 400/' >command
[ -s command ]
for shard in 1 2 3 4; do sh -c "$(sed "s/{}/$shard/g" command)" || [ $? = 1 ]; done
./cancelsim merge shard-*.jsonl | grep -q ': 400 schedules of 4.13.0 v3 in'
