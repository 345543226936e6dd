# A note of the program is no UTF-8: JSON says so by U+FFFD, and is JSON all the same.
# usage: not_utf8.sh BINARY
set -eu
token=cs1:4.14.2:upstream:3.12:single-flight:3684d2cae9157650:HwQBAgEBBQEBAQsCZzACczACdDACZjACdDEBlwJzMQJnMQJ0MgJzMgJzMxUUCoACDQARAQoKCgiAAgkBC4AGAwACAIAIBA6AAgEGgAIDC4AGAwAEAQAOgAIAAIAIAhaAAgUAgAgECKAKBwYBCoACBgcLgAYDBwgIkAICCQCACAQIkAICCgCACAQOgAIHAQABAADQDw
code=0
json=$("$1" explain --json "$token") || code=$?
[ "$code" = 0 ] || { echo "exit code $code, not 0: it is a known failure"; exit 1; }
echo "$json" | python3 -c 'import json, sys; json.loads(sys.stdin.read())'
