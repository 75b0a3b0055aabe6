#!/bin/sh
# The long form of every storage trial, one after the other, with a line of figures each. Takes about an hour; needs root
# and loop devices for the power cuts.
#         long.sh [PART…]      parts: kills cuts muted faults damage full model (all when none is given)
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
trials=tests/storage_trials
cargo build --quiet --locked --example storage_writer
cargo test --quiet --locked --no-run --test storage --test kills --test model
writer=$target/debug/examples/storage_writer
memory=${TMPDIR:-/tmp}
[ ! -w /dev/shm ] || memory=/dev/shm
figures() { grep -E "trials from|each failed once|at each of|seed |sequences from|redactions|power cut,|cycles|test result|FAILED" || true; }

[ $# -gt 0 ] || set -- kills cuts muted faults damage full model
for part in "$@"; do
    echo "-- $part, $(date +%H:%M:%S)"
    case $part in
    kills) EZU_KILLS=1000 cargo test --quiet --locked --test kills -- --nocapture ;;
    cuts)
        for kind in ext4 xfs; do
            "$trials/power_cut.sh" "$writer" "$kind" 100 small
            "$trials/power_cut.sh" "$writer" "$kind" 100 large
        done
        ;;
    muted)
        for kind in ext4 xfs; do
            for which in both journal second; do
                "$trials/power_cut.sh" "$writer" "$kind" 20 small "$which"
            done
        done
        ;;
    faults) TMPDIR=$memory EZU_FAULT_STEP=1 cargo test --quiet --locked --test storage -- faults --nocapture ;;
    damage) TMPDIR=$memory EZU_DAMAGE_TRIALS=500 cargo test --quiet --locked --test storage -- damage --nocapture ;;
    full) "$trials/disk_full.sh" "$writer" ext4 100 ;;
    model)
        TMPDIR=$memory EZU_MODEL_SEQUENCES=10000 cargo test --quiet --locked --test storage -- model --nocapture
        TMPDIR=$memory EZU_DISK_SEEDS=1000 EZU_SEEDS=1000 cargo test --quiet --locked --test model -- random --nocapture
        ;;
    *) echo "there is no part $part" >&2 && exit 2 ;;
    esac 2>&1 | figures
done
