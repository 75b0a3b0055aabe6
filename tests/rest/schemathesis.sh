#!/usr/bin/env bash
# Asks a running ezu with the reference city everything that its OpenAPI document allows, and looks for server errors.
# Needs Python; installs schemathesis into a folder of its own.        tests/rest/schemathesis.sh [examples an operation]
set -euo pipefail
cd "$(dirname "$0")/../.."
port=18099
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet schemathesis
cargo build --release --locked
EZU_LOG=error target/release/ezu serve --sample --data "$work/data" --port "$port" &
server=$!
for _ in $(seq 50); do
  if "$work/venv/bin/python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/healthz')" 2>/dev/null; then break; fi
  sleep 0.2
done
"$work/venv/bin/schemathesis" run "http://127.0.0.1:$port/api/v1/openapi.json" \
  --checks not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance \
  --max-examples "${1:-5}" --phases examples,fuzzing --workers 1
