"""igraph: a graph of numbers; it answers the three questions that need no properties."""

import igraph

from .data import Path, edges, nodes


class Peer:
    """Ids are looked up in a dictionary."""

    name = f"igraph {igraph.__version__}"

    def __init__(self, folder: Path) -> None:
        self.number = {node.id: node.number for node in nodes(folder)}
        pairs = [(edge.source, edge.target) for edge in edges(folder)]
        self.graph = igraph.Graph(n=max(self.number.values()) + 1, edges=pairs, directed=True)

    def reach(self, id: str) -> int:
        start = self.number[id]
        reached = self.graph.subcomponent(start, mode="out")
        return len(reached) - 1 + self._returns(start, reached)

    def reach_3(self, id: str) -> int:
        start = self.number[id]
        inner = self.graph.neighborhood(start, order=2, mode="out")
        reached = self.graph.neighborhood(start, order=3, mode="out")
        return len(reached) - 1 + self._returns(start, inner)

    def _returns(self, start: int, near: list[int]) -> int:
        """Whether the start is the end of a walk that leaves it; a loop counts."""
        return int(not set(near).isdisjoint(self.graph.predecessors(start)))

    def shortest(self, id: str, other: str) -> int:
        return len(self.graph.get_shortest_path(self.number[id], self.number[other], mode="out", output="epath"))
