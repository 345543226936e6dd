#!/bin/sh
# usage: terminal.sh BINARY
set -eu
work=$(mktemp)
trap 'rm -f "$work"' EXIT
binary=$1
is_coloured() { "$@" | grep -q "$(printf '\033')"; }
is_coloured env NO_COLOR= TERM=xterm "$binary" list --color=always
! is_coloured "$binary" list
! is_coloured "$binary" list --color=never
is_coloured "$binary" --color always list
# A line of the help is as wide as it may be, and no wider.
longest() { COLUMNS=$1 "$binary" help hunt | awk '{ if (length($0) > n) n = length($0) } END { print n }'; }
[ "$(longest 80)" -le 80 ] && [ "$(longest 80)" -gt 70 ] || { longest 80; exit 1; }
[ "$(longest 100)" -le 100 ] && [ "$(longest 100)" -gt 90 ] || { longest 100; exit 1; }
"$binary" --version | grep -qx 'cancelsim [0-9.]*'
"$binary" --version --verbose | grep -q 'fmt .* MIT'
# So are those of a report; a token and a program stay whole.
token=cs1:4.13.0:narrow:3.11:shield-holds:2438eb5c503cde65:DwAFAnMwAmcwAnQwAnQxAnMxCQYIgAIGAAqAAgUBG4AEBAILgAYDAQMIgAICBACACAQPkAIEDoACAA-AAgQCAgAHAwAA0A8
for columns in 80 100; do
    for command in list "explain $token" "replay $token" "hunt --all --seed 1 --cases 3000 --jobs 1"; do
        # shellcheck disable=SC2086  # words, not one
        COLUMNS=$columns LC_ALL=C.UTF-8 "$binary" $command >"$work" || [ $? = 1 ]
        longest=$(awk '/^  program/ { code = 1; next } code && /^      / { next } { code = 0 } !/replay cs/' "$work" |
            LC_ALL=C.UTF-8 wc -L)
        [ "$longest" -le "$columns" ] || { echo "$command: $longest columns, not $columns"; exit 1; }
    done
done
