"""The graph that all engines are asked about, as `cargo run --bin query` wrote it."""

import csv
from pathlib import Path
from typing import NamedTuple


class Node(NamedTuple):
    """An element, or a relationship that is itself an end of another."""

    number: int
    id: str
    label: str
    users: int | None
    category: str | None


class Edge(NamedTuple):
    """A relationship; its ends are numbers of nodes."""

    source: int
    target: int
    type: str


def nodes(folder: Path) -> list[Node]:
    with open(folder / "nodes.csv", newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return [
            Node(int(number), id, label, int(users) if users else None, category or None)
            for number, id, label, users, category in rows
        ]


def edges(folder: Path) -> list[Edge]:
    with open(folder / "edges.csv", newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return [Edge(int(source), int(target), type) for source, target, type in rows]
