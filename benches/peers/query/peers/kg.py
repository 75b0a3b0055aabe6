"""kglite: in memory, nodes by type with their ids as keys, Cypher."""

import kglite
import pandas

from . import cypher
from .data import Path, edges, nodes


class Peer:
    """Its plans are kept by text; ids are hashed by type. Without a bound it would stop at ten steps."""

    name = f"kglite {kglite.__version__}"

    def __init__(self, folder: Path) -> None:
        self.graph = kglite.KnowledgeGraph()
        members = pandas.DataFrame(nodes(folder))
        for label, part in members.groupby("label"):
            part = part[["id", "users", "category"]].dropna(axis=1, how="all")
            self.graph.add_nodes(part, label, "id")
        named = dict(zip(members["number"], zip(members["id"], members["label"])))
        self.label = dict(zip(members["id"], members["label"]))
        groups: dict[tuple, list] = {}
        for edge in edges(folder):
            (source, source_label), (target, target_label) = named[edge.source], named[edge.target]
            groups.setdefault((edge.type, source_label, target_label), []).append((source, target))
        for (type, source_label, target_label), pairs in groups.items():
            frame = pandas.DataFrame(pairs, columns=["source", "target"])
            self.graph.add_connections(frame, type, source_label, "source", target_label, "target")

    def _rows(self, query: str, **parameters: str) -> list[list]:
        return [list(row.values()) for row in self.graph.cypher(query, params=parameters)]

    def reach(self, id: str) -> int:
        return self._rows(cypher.REACH.format(label=self.label[id], longest="1..1000"), id=id)[0][0]

    def reach_3(self, id: str) -> int:
        return self._rows(cypher.REACH_3, id=id)[0][0]

    def shortest(self, id: str, other: str) -> int:
        ends = f"(a:{self.label[id]} {{id: $id}})-[*1..1000]->(b:{self.label[other]} {{id: $other}})"
        return self._rows(f"MATCH p = shortestPath({ends}) RETURN length(p) AS length", id=id, other=other)[0][0]

    def two_hop(self, id: str) -> list[list]:
        return self._rows(cypher.TWO_HOP, id=id)

    def three_hop(self) -> list[list]:
        return self._rows(cypher.THREE_HOP)
