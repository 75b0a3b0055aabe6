#!/bin/sh
# Ten questions to a running ezu in the query language, with curl alone.
#
#   ezu serve --sample --data ./walk       in one terminal
#   sh examples/ten-questions.sh           in another; the base address may be given
#
# The questions are the files in examples/queries. Ends with code 0 when every one was answered.
set -eu

base="${1:-http://127.0.0.1:8080}/api/v1"
folder="$(dirname "$0")/queries"

for file in "$folder"/*.cypher; do
    # Comments are the question in words; `// $name = value` gives a parameter.
    printf '\n== %s\n' "$(basename "$file" .cypher)"
    sed -n 's|^// \([^$]\)|\1|p' "$file"
    set --
    for parameter in $(sed -n 's|^// \$\([a-z_]*\) = \(.*\)$|param.\1=\2|p' "$file"); do
        set -- "$@" --data-urlencode "$parameter"
    done
    curl --silent --show-error --fail-with-body --get "$base/query" \
        --data-urlencode "query@$file" --data-urlencode format=csv "$@"
done
