#!/bin/sh
# usage: interrupt.sh BINARY
# SIGINT, SIGTERM and SIGHUP end a hunt that would go on for long: it shrinks and reports what it has found, says one
# line, and exits with 1.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for signal in INT TERM HUP; do
    "$1" hunt --all --time 2h --contract no-hot-loop --save "$work/$signal" >"$work/out" 2>"$work/err" &
    hunt=$!
    sleep 1
    kill -$signal "$hunt"
    code=0
    wait "$hunt" || code=$?
    [ "$code" = 1 ] || { echo "$signal: expected exit code 1, got $code"; cat "$work/err"; exit 1; }
    grep -q "^cancelsim: ended by SIG$signal: [0-9]* schedules have run$" "$work/err" || { cat "$work/err"; exit 1; }
    [ "$(wc -l <"$work/err")" = 1 ] || { cat "$work/err"; exit 1; }
    grep -q ' schedules of 4.13.0 upstream ' "$work/out"
    grep -q '^./cancelsim replay cs2:' "$work/out"
    [ "$(grep -c '^./cancelsim replay' "$work/out")" = "$(find "$work/$signal" -name '*.json' | wc -l)" ]
done
