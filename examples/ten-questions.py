#!/usr/bin/env python3
"""Ten questions to a running ezu in the query language, as a notebook of cells. Standard library only.

    ezu serve --sample --data ./walk        in one terminal
    python3 examples/ten-questions.py       in another; the base address may be given

Editors that know `# %%` run it cell by cell. The questions are the files in examples/queries.
"""

# %% How to ask
import json
import sys
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path

BASE = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].startswith("http") else "http://127.0.0.1:8080"
HERE = Path(__file__).resolve().parent if "__file__" in globals() else Path("examples")
QUESTIONS = HERE / "queries"


def ask(query, **parameters):
    """The answer as a dictionary: columns, rows, revision, date, statistics."""
    body = json.dumps({"query": query, "parameters": parameters}).encode()
    request = urllib.request.Request(
        f"{BASE}/api/v1/query", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        # A problem (RFC 9457) says what is wrong, where, and what to do.
        problem = json.load(error)
        raise SystemExit(f"{problem.get('code')}: {problem.get('detail')}") from None


def width(text):
    """Columns on a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def table(answer):
    """Prints an answer in aligned columns."""
    def cell(value):
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    lines = [answer["columns"]] + [[cell(value) for value in row] for row in answer["rows"]]
    widths = [max(width(line[place]) for line in lines) for place in range(len(answer["columns"]))]
    for line in lines:
        print("  ".join(text + " " * (wide - width(text)) for text, wide in zip(line, widths)).rstrip())
    print(f"({len(answer['rows'])} rows, revision {answer['revision']}, {answer['date']})")


def question(name, **parameters):
    """Asks a question of examples/queries, shows it with its answer, and gives the answer."""
    text = (QUESTIONS / f"{name}.cypher").read_text(encoding="utf-8")
    print(f"\n== {name}")
    print("\n".join(line[3:] for line in text.splitlines() if line.startswith("// ") and not line.startswith("// $")))
    answer = ask(text, **parameters)
    table(answer)
    return answer


# %% 1. Systems and their cost by category
costs = question("01-systems-by-category")
assert costs["rows"][0][2] >= costs["rows"][-1][2], "sorted by cost"

# %% 2. What stands on the old machine in the basement
machine = question("02-standing-on-a-machine", machine="inf-vm-old")

# %% 3. Hours spent on moving data by hand
question("03-retyped-by-hand")

# %% 4. From the My Number zone to the internet
question("04-my-number-to-internet")

# %% 5. Work that cannot be done without the resident records
question("05-work-that-needs-it", system="sys-juki")

# %% 6. Systems that only one person knows
question("06-known-by-one-person")

# %% 7. Contracts that end within a year
question("07-contracts-that-end")

# %% 8. Projects that touch the same system
question("08-projects-that-meet")

# %% 9. Where the data on protected persons goes
question("09-where-data-goes", data="dat-shien")

# %% 10. What happens if the resident records stop
impact = question("10-if-it-stops", system="sys-juki")

# %% The same question of another day: nothing but AT DATE in front
later = ask("AT DATE '2028-04-01' MATCH (s:System) RETURN count(s) AS systems")
print(f"\non {later['date']}: {later['rows'][0][0]} systems")
