#!/bin/sh
# usage: bad_tokens.sh BINARY
set -eu
bad_usage=$(dirname -- "$0")/bad_usage.sh
contract=no-rearm-without-live-tasks
last=$("$1" hunt --all --seed 1 --cases 1000 --contract $contract | grep '^./cancelsim replay' | tail -n 1) || true
token=${last##* }
case $token in cs2:model,*:$contract:*) ;; *) echo "no token: $last"; exit 1 ;; esac
part() { echo "$token" | cut -d: -f"$1"; }
refuse() { sh "$bad_usage" "$1" "$2" replay "$3"; }
digest=$(part 4)
payload=$(part 5)
subject=model,4.13.0,upstream,3.11

refuse "$1" 'token begins with cs2:' ''
refuse "$1" 'token begins with cs2:' cs2
refuse "$1" 'token: it has too few parts' cs2:
refuse "$1" 'token: it has too few parts' cs1:
refuse "$1" 'token begins with cs2:' "cs9:$(echo "$token" | cut -d: -f2-)"
refuse "$1" "token: unknown anyio '4.12'" "cs2:model,4.12,upstream,3.11:$contract:$digest:$payload"
refuse "$1" "token: unknown policy 'wide'" "cs2:model,4.13.0,wide,3.11:$contract:$digest:$payload"
refuse "$1" "token: unknown switch 'nosuch'" "cs2:$subject,nosuch:$contract:$digest:$payload"
refuse "$1" "token: unknown python '2.7'" "cs2:model,4.13.0,upstream,2.7:$contract:$digest:$payload"
refuse "$1" "token: its subject 'real'" "cs2:real,4.13.0,upstream,3.11:$contract:$digest:$payload"
refuse "$1" 'no contract is called' "cs2:$subject:nosuch:$digest:$payload"
refuse "$1" 'token: its digest is no number' "cs2:$subject:$contract:xyz:$payload"
refuse "$1" 'token: its last part is damaged' "cs2:$subject:$contract:$digest:"
refuse "$1" 'token: its last part is damaged' "cs2:$subject:$contract:$digest:$payload!"
# Equal failures have equal tokens: what would be read as this one, but is written otherwise, is none.
refuse "$1" 'token: it is not as a token is written' "cs2:$subject,787,698:$contract:$digest:$payload"

# A token that lost its end.
length=${#token}
while [ "$length" -gt 11 ]; do
    length=$((length - 7))
    refuse "$1" 'token: ' "$(echo "$token" | cut -c1-$length)"
done

# The same run under another digest: the model has changed since, or the token was altered.
refuse "$1" 'stale: ' "cs2:$subject:$contract:0123456789abcdef:$payload"
# The same run on a kernel that keeps the promise.
refuse "$1" 'stale: ' "cs2:model,4.13.0,narrow,3.11:$contract:$digest:$payload"

# The first version of tokens replays, spaces and the command around it or not, with the digest that it names.
first=cs1:4.13.0:upstream:3.11:no-hot-loop:743809f4e014fd3e:DwABAnMwAgIXgAIADoACAAAAANAP
for text in "$first" " $first " "./cancelsim replay $first"; do
    code=0
    "$1" replay "$text" | grep -q 'digest *743809f4e014fd3e$' || code=$?
    [ "$code" = 0 ] || { echo "'$text' does not replay"; exit 1; }
done
refuse "$1" 'token: its last part is damaged' "${first}x"
refuse "$1" 'token: unknown switch' "$(echo "$first" | sed 's/upstream/upstream+nosuch/')"
