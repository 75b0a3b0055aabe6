"""DuckDB: two tables with indexes, recursive SQL."""

import duckdb

from .data import Path

REACH = """
WITH RECURSIVE met(n) AS (
    SELECT target FROM edges WHERE source = (SELECT number FROM nodes WHERE id = $id)
    UNION SELECT e.target FROM met JOIN edges e ON e.source = met.n)
SELECT count(*) FROM met"""

REACH_3 = """
WITH one AS (SELECT DISTINCT target AS n FROM edges WHERE source = (SELECT number FROM nodes WHERE id = $id)),
     two AS (SELECT DISTINCT e.target AS n FROM one JOIN edges e ON e.source = one.n),
     three AS (SELECT DISTINCT e.target AS n FROM two JOIN edges e ON e.source = two.n)
SELECT count(*) FROM (SELECT n FROM one UNION SELECT n FROM two UNION SELECT n FROM three)"""

SHORTEST = """
WITH RECURSIVE met(n, steps) USING KEY (n) AS (
    SELECT number, 0 FROM nodes WHERE id = $id
    UNION
    SELECT e.target, met.steps + 1 FROM met JOIN edges e ON e.source = met.n
    LEFT JOIN recurring.met AS known ON known.n = e.target WHERE known.n IS NULL)
SELECT steps FROM met WHERE n = (SELECT number FROM nodes WHERE id = $other)"""

TWO_HOP = """
SELECT c.category, count(*) AS flows, avg(c.users)
FROM nodes a JOIN flows f ON f.source = a.number JOIN nodes b ON b.number = f.target
     JOIN flows g ON g.source = b.number JOIN nodes c ON c.number = g.target
WHERE a.id = $id AND a.label = 'System' AND b.label = 'System' AND c.label = 'System' AND c.users > 200
      AND f.edge <> g.edge
GROUP BY c.category ORDER BY flows DESC, c.category"""

THREE_HOP = """
SELECT d.id, count(DISTINCT v.number) AS vendors
FROM nodes d JOIN owners o ON o.target = d.number JOIN nodes s ON s.number = o.source
     JOIN flows f ON f.source = s.number JOIN nodes t ON t.number = f.target
     JOIN suppliers p ON p.source = t.number JOIN nodes v ON v.number = p.target
WHERE d.label = 'Department' AND s.label = 'System' AND t.label = 'System' AND v.label = 'Vendor'
GROUP BY d.id ORDER BY vendors DESC, d.id LIMIT 10"""


class Peer:
    """Prepared by DuckDB itself: it keeps plans of parameterised queries."""

    name = f"DuckDB {duckdb.__version__}"

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect()
        run = self.connection.execute
        run(f"CREATE TABLE nodes AS SELECT number::INT AS number, id::TEXT AS id, label::TEXT AS label, users::INT AS users, category::TEXT AS category FROM read_csv('{folder}/nodes.csv', header = true, all_varchar = true)")
        run(f"CREATE TABLE edges AS SELECT source::INT AS source, target::INT AS target, type, row_number() OVER () AS edge FROM read_csv('{folder}/edges.csv', header = true, all_varchar = true) ORDER BY source")
        for table, type in [("flows", "DATA_FLOW"), ("owners", "OWNED_BY"), ("suppliers", "SUPPLIED_BY")]:
            run(f"CREATE TABLE {table} AS SELECT source, target, edge FROM edges WHERE type = '{type}'")
            run(f"CREATE INDEX {table}_source ON {table}(source)")
        run("CREATE UNIQUE INDEX node_id ON nodes(id)")
        run("CREATE UNIQUE INDEX node_number ON nodes(number)")
        run("CREATE INDEX edge_source ON edges(source)")

    def _rows(self, query: str, **parameters: str) -> list[list]:
        return [list(row) for row in self.connection.execute(query, parameters).fetchall()]

    def reach(self, id: str) -> int:
        return self._rows(REACH, id=id)[0][0]

    def reach_3(self, id: str) -> int:
        return self._rows(REACH_3, id=id)[0][0]

    def shortest(self, id: str, other: str) -> int:
        return self._rows(SHORTEST, id=id, other=other)[0][0]

    def two_hop(self, id: str) -> list[list]:
        return self._rows(TWO_HOP, id=id)

    def three_hop(self) -> list[list]:
        return self._rows(THREE_HOP)
