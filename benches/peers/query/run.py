"""ezu and its peers on the same generated cities: five questions, answers compared, one table.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -r requirements.txt
    cargo build --release --bin query        # in benches/peers
    /tmp/peers/bin/python run.py [ELEMENTS …] [--peers duck,bug,graf,kg,kit,ig] [--seconds 300] [--rounds 3]

The engines take turns for some rounds, and the best round of each counts. Every engine has a process of its own and one
answer at a time; a question that a peer does not finish in time is
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


def ask_ezu(elements: int, folder: Path) -> dict:
    subprocess.run([str(HERE.parent / "target/release/query"), str(elements), str(folder)], check=True)
    return json.loads((folder / "ezu.json").read_text())


def better(held: dict, came: dict) -> dict:
    """The round in which an engine was quicker; one with an answer before one without."""
    return came if came.get("median", 1e9) < held.get("median", 1e9) else held


def measure(elements: int, peers: list[str], seconds: int, rounds: int) -> list[str]:
    """Rows that ezu loses. All engines take turns, and the best round of each counts: the machine may change its speed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ours, theirs, names = {}, {peer: {} for peer in peers}, {}
        for _ in range(rounds):
            for question, result in ask_ezu(elements, folder).items():
                ours[question] = better(ours.get(question, {}), result)
            for peer in peers:
                names[peer], results = ask_peer(peer, folder, seconds)
                for question, result in results.items():
                    theirs[peer][question] = better(theirs[peer].get(question, result), result)
        lost = []
        for question in json.loads((folder / "questions.json").read_text()):
            question = question["name"]
            ezu = ours[question]
            print(f"| {elements} | {question} | ezu | {shown(ezu['median'])} | 1 | read and planned in {shown(ezu['plan'])} |")
            for peer in peers:
                if question in theirs[peer]:
                    result = theirs[peer][question]
                    print(row(elements, question, ezu, names[peer], result), flush=True)
                    if result.get("median", 1e9) < ezu["median"]:
                        lost.append(f"{elements} {question}: {names[peer]}")
        return lost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("elements", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print("| elements | question | engine | median | times ezu's | answer |\n|---|---|---|---|---|---|")
    peers = given.peers.split(",")
    lost = [one for elements in given.elements for one in measure(elements, peers, given.seconds, given.rounds)]
    print("\nezu is slower on: " + ("; ".join(lost) if lost else "nothing"))


if __name__ == "__main__":
    main()
