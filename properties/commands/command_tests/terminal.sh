#!/bin/sh
# usage: terminal.sh BINARY
set -eu
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
