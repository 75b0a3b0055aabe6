#!/bin/sh
# Kills a writing process again and again, a fifth of the times while it starts, and compares what it
# acknowledged with what is found.        kill.sh WRITER [KILLS]
set -eu
writer=$1
kills=${2:-50}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lost=0 refused=0 round=0
while [ "$round" -lt "$kills" ]; do
    # A new ledger now and then: beginning one is worth interrupting too.
    [ $((round % 25)) -ne 0 ] || { rm -rf "$work/data"; : >"$work/acknowledged"; }
    round=$((round + 1))
    if [ $((round % 5)) -eq 0 ]; then most=40; else most=500; fi
    pause=$(awk -v seed="$round" -v most="$most" 'BEGIN { srand(seed); printf "%.3f", rand() * most / 1000 }')
    "$writer" write "$work/data" --writers 16 >>"$work/acknowledged" 2>>"$work/errors" &
    process=$!
    sleep "$pause"
    kill -9 "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    set +e
    "$writer" check "$work/data" "$work/acknowledged" >"$work/report"
    result=$?
    set -e
    case $result in
    0) ;;
    2) refused=$((refused + 1)); cat "$work/report" ;;
    *) lost=$((lost + 1)); cat "$work/report" ;;
    esac
done
cat "$work/report"
echo "kill -9: $kills kills, $lost with a loss, $refused refusals to open"
[ "$lost" -eq 0 ] && [ "$refused" -eq 0 ]
