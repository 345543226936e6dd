#!/bin/sh
# usage: bad_tokens.sh BINARY
set -eu
bad_usage=$(dirname -- "$0")/bad_usage.sh
last=$("$1" hunt --cases 1000 --contract no-rearm-without-live-tasks | tail -n 1) || true
token=${last##* }
case $token in cs1:*:no-rearm-without-live-tasks:*) ;; *) echo "no token: $last"; exit 1 ;; esac
part() { echo "$token" | cut -d: -f"$1"; }
refuse() { sh "$bad_usage" "$1" "$2" replay "$3"; }
digest=$(part 6)
payload=$(part 7)

refuse "$1" 'token begins with cs1:' ''
refuse "$1" 'token begins with cs1:' cs1
refuse "$1" 'token: it has too few parts' cs1:
refuse "$1" 'token begins with cs1:' "cs9:$(echo "$token" | cut -d: -f2-)"
refuse "$1" "token: unknown kernel '4.12'" "cs1:4.12:upstream:3.11:no-rearm-without-live-tasks:$digest:$payload"
refuse "$1" "token: unknown policy 'wide'" "cs1:4.13.0:wide:3.11:no-rearm-without-live-tasks:$digest:$payload"
refuse "$1" "token: unknown defect 'nosuch'" "cs1:4.13.0:upstream+nosuch:3.11:no-rearm-without-live-tasks:$digest:$payload"
refuse "$1" "token: unknown python '2.7'" "cs1:4.13.0:upstream:2.7:no-rearm-without-live-tasks:$digest:$payload"
refuse "$1" 'no contract is called' "cs1:4.13.0:upstream:3.11:nosuch:$digest:$payload"
refuse "$1" 'token: its digest is no number' "cs1:4.13.0:upstream:3.11:no-rearm-without-live-tasks:xyz:$payload"
refuse "$1" 'token: its last part is damaged' "cs1:4.13.0:upstream:3.11:no-rearm-without-live-tasks:$digest:"
refuse "$1" 'token: its last part is damaged' "cs1:4.13.0:upstream:3.11:no-rearm-without-live-tasks:$digest:$payload!"

# A token that lost its end.
length=${#token}
while [ "$length" -gt 11 ]; do
    length=$((length - 7))
    refuse "$1" 'token: ' "$(echo "$token" | cut -c1-$length)"
done

# The same run under another digest: the model has changed since, or the token was altered.
refuse "$1" 'stale: ' "cs1:4.13.0:upstream:3.11:no-rearm-without-live-tasks:0123456789abcdef:$payload"
# The same run on a kernel that keeps the promise.
refuse "$1" 'stale: ' "cs1:4.13.0:narrow:3.11:no-rearm-without-live-tasks:$digest:$payload"
