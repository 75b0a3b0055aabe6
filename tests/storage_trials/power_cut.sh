#!/bin/sh
# Cuts the power of a file system under a writing process and compares what it acknowledged with what is
# found afterwards. Needs root, loop devices, mkfs and a C compiler.
#         power_cut.sh WRITER ext4|xfs [CUTS] [small|large] [none|journal|second|both]
# The last word makes the syncs of that copy do nothing. With "both" losses are expected, and finding none
# makes the script fail: a trial that cannot fail tests nothing.
set -eu
here=$(dirname "$0")
writer=$1
kind=$2
cuts=${3:-5}
size=${4:-small}
muted=${5:-none}
work=$(mktemp -d)
mount=$work/mount
device=
cleanup() {
    [ -z "${process:-}" ] || kill -9 "$process" 2>/dev/null || true
    umount "$mount" 2>/dev/null || true
    [ -z "$device" ] || losetup -d "$device" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
cc -O2 -o "$work/shutdown" "$here/shutdown.c"
cc -shared -fPIC -O2 -o "$work/nosync.so" "$here/nosync.c" -ldl
truncate -s 2G "$work/image"
device=$(losetup --find --show "$work/image")
mkdir "$mount"
extra=
[ "$size" = small ] || extra=--large
lost=0 refused=0 round=0 acknowledged=0 repaired=0
while [ "$round" -lt "$cuts" ]; do
    if [ $((round % 10)) -eq 0 ]; then
        umount "$mount" 2>/dev/null || true
        case $kind in
        ext4) mkfs.ext4 -q -F "$device" ;;
        xfs) mkfs.xfs -q -f "$device" ;;
        esac
        mount "$device" "$mount"
        : >"$work/acknowledged"
    fi
    round=$((round + 1))
    # Every second time so little may wait before sled that it is always taking over when the power goes.
    EZU_INTAKE=$((round % 2 ? 268435456 : 1048576))
    export EZU_INTAKE
    pause=$(awk -v seed="$round" 'BEGIN { srand(seed); printf "%.3f", 0.1 + rand() * 0.9 }')
    if [ "$muted" = none ]; then
        "$writer" write "$mount/data" --writers 16 $extra >>"$work/acknowledged" 2>>"$work/errors" &
    else
        EZU_NOSYNC=$muted LD_PRELOAD=$work/nosync.so \
            "$writer" write "$mount/data" --writers 16 $extra >>"$work/acknowledged" 2>>"$work/errors" &
    fi
    process=$!
    sleep "$pause"
    kill -STOP "$process"
    # The signal reaches one thread first. The others must not go on while the file system goes down: an error of the one
    # copy and a muted sync of the other would make an acknowledgement that no power cut allows.
    while grep -h '^State:' "/proc/$process/task/"*/status 2>/dev/null | grep -qv 'T (stopped)'; do
        kill -0 "$process" 2>/dev/null || break
    done
    "$work/shutdown" "$mount"
    kill -9 "$process"
    wait "$process" 2>/dev/null || true
    process=
    umount "$mount"
    mount "$device" "$mount"
    set +e
    "$writer" check "$mount/data" "$work/acknowledged" >"$work/report"
    result=$?
    set -e
    grep -q 'repairs: \[\]' "$work/report" || repaired=$((repaired + 1))
    case $result in
    0) ;;
    2) refused=$((refused + 1)) ;;
    *) lost=$((lost + 1)) ;;
    esac
    if [ "$result" -ne 0 ]; then
        [ "$muted" = both ] || cut -c 1-2000 "$work/report"
        # What is broken stays broken: begin anew.
        rm -rf "$mount/data"
        : >"$work/acknowledged"
    fi
done
cut -c 1-600 "$work/report"
echo "power cut, $kind, $size values, muted: $muted: $cuts cuts, $lost with a loss, $refused refused, $repaired repaired"
if [ "$muted" = both ]; then
    [ $((lost + refused)) -gt 0 ]
else
    [ "$lost" -eq 0 ] && [ "$refused" -eq 0 ]
fi
