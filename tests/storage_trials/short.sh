#!/bin/sh
# The short form of every storage trial; long.sh is the long one. What the machine does not allow (no root, no loop
# devices) is named and passed over. Trials that wait for disks run beside those that need the processor.
#         short.sh
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
trials=tests/storage_trials
began=$(date +%s)
cargo build --quiet --locked --example storage_writer
cargo test --quiet --locked --no-run --test storage --test kills
writer=$target/debug/examples/storage_writer
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

# Where a sync costs nothing, for what is not about syncs.
memory=${TMPDIR:-/tmp}
[ ! -w /dev/shm ] || memory=/dev/shm

# Runs a part of the trials beside the others; its report is told at the end, whole if it failed.
beside() {
    name=$1
    shift
    (
        start=$(date +%s)
        if "$@" >"$reports/$name" 2>&1; then ended=0; else ended=$?; fi
        echo "$ended $(($(date +%s) - start))" >"$reports/$name.ended"
    ) &
}

# Every fault of a run of twenty operations, and 50 damages. The second copy panics hundreds of times, as it is asked to.
faults() {
    TMPDIR=$memory EZU_FAULT_STEP=1 EZU_DAMAGE_TRIALS=50 RUST_BACKTRACE=0 \
        cargo test --quiet --locked --test storage -- faults damage --nocapture
}

kills() {
    EZU_KILLS=50 cargo test --quiet --locked --test kills -- --nocapture
}

# Five cuts of small values and three of large ones.
cuts() {
    "$trials/power_cut.sh" "$writer" "$1" 5 small
    "$trials/power_cut.sh" "$writer" "$1" 3 large
}

# A trial that cannot fail tests nothing: without any sync it must fail, without one it is repaired.
muted() {
    "$trials/power_cut.sh" "$writer" ext4 3 small both
    "$trials/power_cut.sh" "$writer" ext4 3 small journal
    "$trials/power_cut.sh" "$writer" ext4 3 small second
}

full() {
    "$trials/disk_full.sh" "$writer" ext4 10
}

parts="faults kills"
beside faults faults
beside kills kills
if [ "$(id -u)" -ne 0 ] || ! losetup --find >/dev/null 2>&1 || ! command -v cc >/dev/null; then
    echo "no root, loop devices or C compiler: the power-cut and disk-full trials are passed over"
else
    for kind in ext4 xfs; do
        if command -v "mkfs.$kind" >/dev/null && { grep -qw "$kind" /proc/filesystems || modprobe "$kind" 2>/dev/null; }; then
            beside "cuts-$kind" cuts "$kind"
            parts="$parts cuts-$kind"
        else
            echo "no $kind: its power-cut trial is passed over"
        fi
    done
    if command -v mkfs.ext4 >/dev/null; then
        beside muted muted
        beside full full
        parts="$parts muted full"
    fi
fi
wait
failed=
for name in $parts; do
    read -r ended seconds <"$reports/$name.ended" || ended=1 seconds=?
    if [ "$ended" -eq 0 ]; then
        echo "-- $name (${seconds}s)"
        grep -E "trials from|each failed once|at each of|seed |power cut,|cycles|test result" "$reports/$name" || true
    else
        echo "-- $name FAILED (${seconds}s)"
        cat "$reports/$name"
        failed=yes
    fi
done
echo "storage trials, short form: $(($(date +%s) - began))s"
[ -z "$failed" ]
