#!/bin/sh
# The short form of every storage trial. What the machine does not allow (no root, no loop devices) is
# named and passed over.        short.sh
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --locked --example storage_writer
writer=$target/debug/examples/storage_writer
trials=tests/storage_trials

# Every fault of a short life, and more damages. In memory, where a sync costs nothing.
memory=${TMPDIR:-/tmp}
[ ! -w /dev/shm ] || memory=/dev/shm
report=$(mktemp)
trap 'rm -f "$report"' EXIT
TMPDIR=$memory EZU_FAULT_STEP=1 EZU_DAMAGE_TRIALS=50 RUST_BACKTRACE=0 \
    cargo test --quiet --locked --test storage -- --nocapture >"$report" 2>&1 || {
    cat "$report"
    exit 1
}
# The second copy panics hundreds of times in these tests, as it is asked to.
grep "trials from\|each failed once\|at each of\|sequences from\|test result" "$report"

"$trials/kill.sh" "$writer" 50

if [ "$(id -u)" -ne 0 ] || ! losetup --find >/dev/null 2>&1 || ! command -v cc >/dev/null; then
    echo "no root, loop devices or C compiler: the power-cut and disk-full trials are passed over"
    exit 0
fi
for kind in ext4 xfs; do
    if ! command -v "mkfs.$kind" >/dev/null || ! grep -qw "$kind" /proc/filesystems; then
        modprobe "$kind" 2>/dev/null && command -v "mkfs.$kind" >/dev/null || {
            echo "no $kind: its power-cut trial is passed over"
            continue
        }
    fi
    "$trials/power_cut.sh" "$writer" "$kind" 5 small
    "$trials/power_cut.sh" "$writer" "$kind" 3 large
done
# A trial that cannot fail tests nothing: without any sync it must fail, without one it is repaired.
"$trials/power_cut.sh" "$writer" ext4 3 small both
"$trials/power_cut.sh" "$writer" ext4 3 small journal
"$trials/power_cut.sh" "$writer" ext4 3 small second
"$trials/disk_full.sh" "$writer" ext4 10
