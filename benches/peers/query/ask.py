"""Asks one peer the questions of a folder: `python ask.py PEER FOLDER`. A line of JSON a question.

Each question is asked once with each set of its parameters, which gives the answers and warms up, then again and
again for three seconds. The figure is the median over all runs, call and fetching of the rows included.
"""

import importlib
import json
import statistics
import sys
import time
from pathlib import Path

SECONDS = 3.0
LEAST, MOST = 5, 1_000_000


def plain(answer):
    """Answers in the same form from every peer."""
    rows = answer if isinstance(answer, list) else [[answer]]
    return [[round(cell, 6) if isinstance(cell, float) else cell for cell in row] for row in rows]


def ask(method, sets):
    answers = [plain(method(**parameters)) for parameters in sets]
    times = []
    begun = time.perf_counter()
    while len(times) < LEAST or (time.perf_counter() - begun < SECONDS and len(times) < MOST):
        for parameters in sets:
            start = time.perf_counter()
            method(**parameters)
            times.append(time.perf_counter() - start)
    return {"answers": answers, "median": statistics.median(times), "runs": len(times)}


def main() -> None:
    folder = Path(sys.argv[2])
    module = importlib.import_module(f"peers.{sys.argv[1]}")
    begun = time.perf_counter()
    peer = module.Peer(folder)
    print(json.dumps({"peer": module.Peer.name, "loaded": time.perf_counter() - begun}), flush=True)
    for question in json.loads((folder / "questions.json").read_text()):
        method = getattr(peer, question["name"].replace("-", "_"), None)
        if method is None:
            continue
        print(json.dumps({"question": question["name"], "asked": True}), flush=True)
        try:
            answer = ask(method, question["parameters"])
        except Exception as error:  # what a peer cannot do is part of the result
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps({"question": question["name"], **answer}), flush=True)


if __name__ == "__main__":
    main()
