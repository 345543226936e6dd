#!/bin/sh
# usage: merge.sh BINARY parallel|slurm|kubernetes
# Four shards, run by GNU parallel, by a Slurm of one node that is started here, or as the pods of an indexed job would be,
# and merged, are one run. Exits with 77 where that is not installed.
set -eu
binary=$1
here=$(cd -- "$(dirname -- "$0")" && pwd)
skip() { echo "SKIPPED: $1"; exit 77; }
work=$(mktemp -d)
stop_slurm() { :; }
trap 'stop_slurm; rm -rf "$work"' EXIT
hunt="hunt --json --seed 4b825dc642cb --cases 4001 --policy v3 --jobs 1"
plain() { sed 's/"seconds":[^,}]*//g' "$1"; }

case $2 in
parallel)
    command -v parallel >/dev/null || skip "there is no GNU parallel"
    # shellcheck disable=SC2086  # words, not one
    seq 4 | parallel -j 2 --will-cite "$binary $hunt --shard {}/4 >$work/{}.jsonl" || true
    ;;
kubernetes)
    for index in 0 1 2 3; do
        # shellcheck disable=SC2086
        JOB_COMPLETION_INDEX=$index JOB_COMPLETIONS=4 "$binary" $hunt >"$work/$index.jsonl" || [ $? = 1 ]
    done
    ;;
slurm)
    . "$here/slurm.sh"
    start_slurm
    printf '#!/bin/sh\n%s %s >%s/$SLURM_ARRAY_TASK_ID.jsonl\n' "$binary" "$hunt" "$work" >"$work/job"
    sbatch --array=0-3 --wait --output=/dev/null "$work/job" || true  # it ends as a hunt that has found something
    ;;
esac

# shellcheck disable=SC2086
"$binary" $hunt >"$work/whole" || [ $? = 1 ]
[ "$(wc -l <"$work/whole")" -gt 3 ]
code=0
"$binary" merge --json "$work" >"$work/merged" || code=$?
[ "$code" = 1 ] || { echo "exit code $code"; exit 1; }
plain "$work/whole" >"$work/1"
plain "$work/merged" >"$work/2"
diff "$work/1" "$work/2"

# What is printed for people is that of the run too, in whatever order the shards come, in one file or many.
# shellcheck disable=SC2086
"$binary" ${hunt%%--json*}${hunt##*--json} >"$work/whole.txt" || [ $? = 1 ]
cat "$work"/*.jsonl >"$work/together"
"$binary" merge "$work/together" >"$work/merged.txt" || [ $? = 1 ]
seconds() { sed 's/ in [0-9.]* s ([0-9]*\/s)//' "$1"; }
seconds "$work/whole.txt" >"$work/1"
seconds "$work/merged.txt" >"$work/2"
diff "$work/1" "$work/2"
