"""NetworKit: a graph of numbers; it answers the three questions that need no properties."""

import networkit

from .data import Path, edges, nodes


class Peer:
    """Ids are looked up in a dictionary."""

    name = f"NetworKit {networkit.__version__}"

    def __init__(self, folder: Path) -> None:
        networkit.setNumberOfThreads(1)
        members = nodes(folder)
        self.number = {node.id: node.number for node in members}
        self.graph = networkit.Graph(max(self.number.values()) + 1, directed=True)
        for edge in edges(folder):
            self.graph.addEdge(edge.source, edge.target)

    def _distances(self, id: str):
        search = networkit.distance.BFS(self.graph, self.number[id], storePaths=False)
        search.run()
        return search

    def reach(self, id: str) -> int:
        start = self.number[id]
        search = self._distances(id)
        reached = search.getReachableNodes() if hasattr(search, "getReachableNodes") else None
        count = reached if reached is not None else sum(1 for far in search.getDistances() if far < 1e300)
        return count - 1 + self._returns(start, search)

    def _returns(self, start: int, search) -> int:
        return int(any(search.distance(before) < 1e300 for before in self.graph.iterInNeighbors(start)))

    def shortest(self, id: str, other: str) -> int:
        search = networkit.distance.BidirectionalBFS(self.graph, self.number[id], self.number[other], storePred=False)
        search.run()
        return int(search.getDistance())
