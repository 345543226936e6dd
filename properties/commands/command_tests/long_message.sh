#!/bin/sh
# usage: long_message.sh BINARY
# A message has at most 300 characters, its LF not counted, however long what it quotes is.
set -eu
code=0
message=$("$1" trace "$(printf 'x%.0s' $(seq 2000))" 2>&1 >/dev/null) || code=$?
if [ "$code" != 2 ] || [ "${#message}" -gt 300 ]; then
    echo "exit code $code; ${#message} characters: $message"
    exit 1
fi
