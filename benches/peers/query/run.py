"""ezu and its peers on the same generated cities: five questions, answers compared, one table.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -r requirements.txt
    cargo build --release --bin query        # in benches/peers
    /tmp/peers/bin/python run.py [ELEMENTS …] [--peers duck,bug,graf,kg,kit,ig] [--seconds 300]

Every engine has a process of its own and one answer at a time; a question that a peer does not finish in time is
reported as such, and the peer is not asked the ones behind it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PEERS = ["duck", "bug", "graf", "kg", "kit", "ig"]


def ask_peer(peer: str, folder: Path, seconds: int) -> tuple[str, dict]:
    """Its name, and for each question its answer or why there is none."""
    process = subprocess.Popen(
        [sys.executable, "ask.py", peer, str(folder)], cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        output, errors = process.communicate(timeout=seconds)
        ended = "" if process.returncode == 0 else f"ended with {process.returncode}: {errors.strip()[-200:]}"
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        ended = f"not within {seconds} s"
    name, results = peer, {}
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        told = json.loads(line)
        name = told.get("peer", name)
        if told.get("asked"):
            results[told["question"]] = {"error": ended or "no answer"}
        elif "question" in told:
            results[told["question"]] = told
    return name, results


def agree(wanted: list, came: list) -> bool:
    """Whether two lists of answers are equal; floats to six places."""
    return [[[near(cell) for cell in row] for row in rows] for rows in wanted] == [
        [[near(cell) for cell in row] for row in rows] for rows in came
    ]


def near(cell):
    return round(float(cell), 6) if isinstance(cell, (int, float)) else cell


def shown(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.1f} µs"


def row(elements: int, question: str, ezu: dict, name: str, result: dict) -> str:
    if "error" in result:
        return f"| {elements} | {question} | {name} | {result['error']} | | |"
    same = "equal" if agree(ezu["answers"], result["answers"]) else "**differ**"
    return f"| {elements} | {question} | {name} | {shown(result['median'])} | {result['median'] / ezu['median']:.1f} | {same} |"


def measure(elements: int, peers: list[str], seconds: int) -> list[str]:
    """Rows that ezu loses."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        binary = HERE.parent / "target/release/query"
        subprocess.run([str(binary), str(elements), place], check=True)
        ours = json.loads((folder / "ezu.json").read_text())
        lost = []
        results = [ask_peer(peer, folder, seconds) for peer in peers]
        for question in json.loads((folder / "questions.json").read_text()):
            ezu = ours[question["name"]]
            print(f"| {elements} | {question['name']} | ezu | {shown(ezu['median'])} | 1 | read and planned in {shown(ezu['plan'])} |")
            for name, result in results:
                if question["name"] in result:
                    print(row(elements, question["name"], ezu, name, result[question["name"]]), flush=True)
                    if result[question["name"]].get("median", 1e9) < ezu["median"]:
                        lost.append(f"{elements} {question['name']}: {name}")
        return lost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("elements", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--seconds", type=int, default=300)
    given = parser.parse_args()
    print("| elements | question | engine | median | times ezu's | answer |\n|---|---|---|---|---|---|")
    lost = [one for elements in given.elements for one in measure(elements, given.peers.split(","), given.seconds)]
    print("\nezu is slower on: " + ("; ".join(lost) if lost else "nothing"))


if __name__ == "__main__":
    main()
