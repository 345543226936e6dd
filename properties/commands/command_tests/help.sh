#!/bin/sh
# usage: help.sh BINARY
set -eu
for subcommand in '' hunt replay trace list; do
    # shellcheck disable=SC2086  # no subcommand is no word
    text=$("$1" $subcommand --help)
    for code in 0 1 2 3; do
        echo "$text" | grep -q "^  $code  " || { echo "the help of '$subcommand' does not explain exit code $code"; exit 1; }
    done
done
