#!/bin/sh
# usage: completions.sh BINARY
# The completion of bash is run; those of zsh and fish are read by their shells where these are installed, and so is the
# manual page by `man`.
set -eu
binary=$1
command -v bash >/dev/null
complete() {
    bash -c 'source <("$0" completion bash); COMP_WORDS=(cancelsim "${@:2}" "$1"); COMP_CWORD=$#
             _cancelsim cancelsim "$1" "${*: -1}"; echo "${COMPREPLY[*]}"' "$binary" "$@"
}
[ "$(complete na hunt --policy)" = narrow ] || { complete na hunt --policy; exit 1; }
complete --co hunt | grep -q -- '--contract'
complete hu | grep -qw hunt
if command -v zsh >/dev/null; then "$binary" completion zsh | zsh -n; fi
if command -v fish >/dev/null; then "$binary" completion fish | fish -n; fi
if command -v man >/dev/null; then "$binary" man | man --warnings=all -l - 2>&1 >/dev/null | grep . && exit 1; fi
exit 0
