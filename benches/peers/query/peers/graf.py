"""Grafeo: in memory, an index on `id`, Cypher."""

import grafeo

from . import cypher
from .data import Path, edges, nodes


class Peer:
    """Its plans are kept by text."""

    name = f"Grafeo {grafeo.__version__}" if hasattr(grafeo, "__version__") else "Grafeo"

    def __init__(self, folder: Path) -> None:
        self.database = grafeo.GrafeoDB()
        self.database.create_property_index("id")
        by_label: dict[str, list] = {}
        self.label = {}
        for node in nodes(folder):
            by_label.setdefault(node.label, []).append(node)
            self.label[node.id] = node.label
        placed = {}
        for label, members in by_label.items():
            properties = [
                {key: value for key, value in [("id", one.id), ("users", one.users), ("category", one.category)] if value is not None}
                for one in members
            ]
            made = self.database.batch_create_nodes_with_props(label, properties)
            placed.update(zip([one.number for one in members], made))
        links = [(placed[edge.source], placed[edge.target], edge.type) for edge in edges(folder)]
        for start in range(0, len(links), 100_000):
            self.database.batch_create_edges(links[start : start + 100_000])

    def _rows(self, query: str, **parameters: str) -> list[list]:
        result = self.database.execute_cypher(query, parameters or None)
        return [list(row.values()) if isinstance(row, dict) else list(row) for row in result]

    def reach(self, id: str) -> int:
        return self._rows(cypher.REACH.format(label=self.label[id], longest=""), id=id)[0][0]

    def reach_3(self, id: str) -> int:
        return self._rows(cypher.REACH_3, id=id)[0][0]

    def shortest(self, id: str, other: str) -> int:
        return self._rows(cypher.SHORTEST, id=id, other=other)[0][0]

    def two_hop(self, id: str) -> list[list]:
        return self._rows(cypher.TWO_HOP, id=id)

    def three_hop(self) -> list[list]:
        return self._rows(cypher.THREE_HOP)
