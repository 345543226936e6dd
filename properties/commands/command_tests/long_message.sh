# A message has at most 300 characters, its LF not counted, however long what it quotes.
long=$(printf 'x%.0s' $(seq 2000))
"$1" trace "$long" 2>message
[ $? -eq 2 ] && [ "$(wc -l <message)" -eq 1 ] && [ "$(wc -m <message)" -le 301 ]
