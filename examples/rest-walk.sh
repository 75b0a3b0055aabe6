#!/bin/sh
# A walk through the REST interface of a running ezu, with curl alone.
#
#   ezu serve --sample --data ./walk       in one terminal
#   sh examples/rest-walk.sh               in another; the base address may be given
#
# Ends with code 0 when every step answered as expected. It adds one system and takes it back.
set -eu

base="${1:-http://127.0.0.1:8080}/api/v1"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# step TITLE EXPECTED-STATUS METHOD PATH [curl arguments …]
step() {
    title="$1" expected="$2" method="$3" path="$4"
    shift 4
    status="$(curl --silent --show-error --output "$work/answer" --dump-header "$work/headers" \
        --write-out '%{http_code}' --request "$method" "$@" "$base$path")"
    printf '\n== %s\n%s %s -> %s\n' "$title" "$method" "$path" "$status"
    head -c 400 "$work/answer"
    echo
    if [ "$status" != "$expected" ]; then
        echo "expected $expected" >&2
        exit 1
    fi
}

# The first "revision" in the last answer.
revision() {
    grep -o '"revision": *[0-9]*' "$work/answer" | head -n 1 | grep -o '[0-9]*$'
}

json='Content-Type: application/json'

step 'The kinds and their words' 200 GET /metamodel
step 'Two systems of a department' 200 GET '/systems?owner_department=dept-shimin&limit=2&fields=name,status'
step 'One element' 200 GET /elements/sys-juki
step 'What is around it' 200 GET /elements/sys-juki/neighbourhood
step 'Search by reading' 200 GET '/search?q=%E3%82%B8%E3%83%A5%E3%82%A6%E3%83%9F%E3%83%B3'
step 'If it stops, who is hit' 200 POST /analyses/impact -H "$json" -H 'Accept-Language: ja' \
    --data '{"subjects": ["sys-juki"], "change": "stop"}'
step 'The same as a table' 200 GET '/analyses/impact?subjects=sys-juki&change=stop&format=csv'
step 'The same as a picture' 200 GET '/analyses/impact?subjects=sys-juki&change=stop&format=dot'

operation='{"op": "create_element", "id": "sys-walk", "kind": "system", "name": "試しのシステム",
  "attributes": {"owner_department": "dept-shimin", "zone": "zone-lgwan"}}'
step 'What a change set would do' 200 POST /change-sets -H "$json" \
    --data "{\"message\": \"walk\", \"dry_run\": true, \"operations\": [$operation]}"
step 'A change set' 201 POST /change-sets -H "$json" -H "Idempotency-Key: walk-$$" \
    --data "{\"message\": \"walk\", \"author\": \"rest-walk\", \"operations\": [$operation]}"
made="$(revision)"
step 'The same again is refused' 422 POST /change-sets -H "$json" \
    --data "{\"message\": \"walk\", \"operations\": [$operation]}"
step 'Its history' 200 GET /elements/sys-walk/history
step 'Take it back' 201 POST "/change-sets/$made/revert" -H "$json" --data '{"author": "rest-walk"}'
step 'It is gone' 404 GET /elements/sys-walk
step 'It was there' 200 GET "/elements/sys-walk?revision=$made"
step 'What an outside register may witness' 200 GET /ledger/head

printf '\nAll steps answered as expected.\n'
