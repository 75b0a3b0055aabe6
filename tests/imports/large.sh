#!/usr/bin/env bash
# Imports a ledger of 100,000 rows and an exchange file of 100 MB: time, peak memory beside the size of the file, and what
# the progress bar shows on a terminal. Ends with an error when a dry run, or the exchange file
# written, takes more than five times its file.
#
#   tests/imports/large.sh [EZU]        EZU: the program to try; target/release/ezu when absent
set -euo pipefail
cd "$(dirname "$0")/../.."
ezu=${1:-target/release/ezu}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 tests/imports/large_ledger.py 100000 "$folder/ledger.csv"
python3 tests/imports/large_ledger.py 100000 "$folder/questions.csv" questions
python3 tests/archimate/large_model.py 100 "$folder/model.xml"
failed=0
# try NAME FILE MOST ARGUMENTS: MOST is how many times the file may be taken, 0 for any.
try() {
    local name=$1 file=$2 most=$3; shift 3
    rm -rf "$folder/data"
    /usr/bin/time -o "$folder/time" -f '%e %M' script -qefc "$ezu import $file --data $folder/data $*" "$folder/screen" > /dev/null < /dev/null
    read -r seconds kilobytes < "$folder/time"
    local bytes stages
    bytes=$(stat -c %s "$file")
    stages=$(tr '\r' '\n' < "$folder/screen" | grep -aoE 'reading|matching|comparing|checking|writing' | awk '!seen[$0]++' | paste -sd ' ')
    awk -v n="$name" -v s="$seconds" -v k="$kilobytes" -v b="$bytes" -v st="$stages" \
        'BEGIN { printf "%-44s %7.1f MB  %6.1f s  %6.0f MB  %5.2f times the file  (%s)\n", n, b / 1e6, s, k / 1e3 * 1.024, k * 1024 / b, st }'
    if [ "$most" != 0 ] && [ $((kilobytes * 1024)) -gt $((bytes * most)) ]; then failed=1; fi
}
try "ledger, 100,000 rows of 32 columns, dry run" "$folder/ledger.csv" 5 --dry-run
try "the same, written" "$folder/ledger.csv" 0 --yes
try "ledger, 9 columns, every second row asks" "$folder/questions.csv" 0 --dry-run
try "exchange file of 100 MB, dry run" "$folder/model.xml" 5 --dry-run
try "the same, written" "$folder/model.xml" 5 --yes
exit "$failed"
