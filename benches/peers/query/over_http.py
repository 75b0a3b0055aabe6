"""The five questions over HTTP: requests a second and the 99th percentile with 16 connections.

    cargo build --release --bin query --bin http      # in benches/peers
    python over_http.py [ELEMENTS] [--connections 16] [--seconds 10]

Starts the service with a generated city in memory and two workers on a port of its own, asks it with `wrk` (a package
of Debian) on the same machine, which takes its share of the two cores, and stops it. Every request carries its query
and parameters in the address; the sets of parameters take turns.
"""

import argparse
import json
import re
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
BINARIES = HERE.parent / "target/release"

SCRIPT = """
local paths = {{ {paths} }}
local place = 0
request = function()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
done = function(summary, latency, requests)
  local wrong = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  io.write(string.format("RESULT %.1f %.3f %.3f %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, wrong))
end
"""


def paths(question: dict) -> list[str]:
    """The address of the question with each of its sets of parameters."""
    sets = [{f"param.{name}": json.dumps(value) for name, value in one.items()} for one in question["parameters"]]
    return ["/api/v1/query?" + urllib.parse.urlencode({"query": question["query"], **one}) for one in sets]


def answers(port: int, path: str) -> list:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)["rows"]


def wait_for(port: int, service: subprocess.Popen) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").close()
            return
        except OSError:
            if service.poll() is not None:
                raise SystemExit("the service ended")
            time.sleep(0.5)
    raise SystemExit("the service does not get ready")


def measure(port: int, addresses: list[str], connections: int, seconds: int) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(paths=", ".join(json.dumps(one) for one in addresses)))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name, f"http://127.0.0.1:{port}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"RESULT (\S+) (\S+) (\S+) (\d+)", output)
    rate, median, worst, wrong = found.groups()
    return f"{float(rate):.0f} | {median} ms | {worst} ms | {wrong}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("elements", nargs="?", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--port", type=int, default=18765)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([str(BINARIES / "query"), str(given.elements), place], check=True)
        questions = json.loads((Path(place) / "questions.json").read_text())
        wanted = json.loads((Path(place) / "ezu.json").read_text())
    service = subprocess.Popen([str(BINARIES / "http"), "city", str(given.port), str(given.elements)])
    try:
        wait_for(given.port, service)
        print("| question | requests a second | median | 99th percentile | errors |\n|---|---|---|---|---|")
        for question in questions:
            addresses = paths(question)
            for address, rows in zip(addresses, wanted[question["name"]]["answers"]):
                came = answers(given.port, address)
                assert came == rows, f"{question['name']}: {came} over HTTP, {rows} in process"
            print(f"| {question['name']} | {measure(given.port, addresses, given.connections, given.seconds)} |", flush=True)
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
