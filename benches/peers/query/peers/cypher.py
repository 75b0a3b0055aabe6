"""The questions in Cypher, for the peers that speak it; the same texts that ezu is asked."""

REACH = "MATCH (a:{label} {{id: $id}})-[*{longest}]->(b) RETURN count(DISTINCT b) AS reached"
REACH_3 = "MATCH (a:System {id: $id})-[*1..3]->(b) RETURN count(DISTINCT b) AS reached"
SHORTEST = "MATCH p = shortestPath((a {id: $id})-[*]->(b {id: $other})) RETURN length(p) AS length"
TWO_HOP = """
MATCH (a:System {id: $id})-[:DATA_FLOW]->(b:System)-[:DATA_FLOW]->(c:System) WHERE c.users > 200
RETURN c.category AS category, count(*) AS flows, avg(c.users) AS users ORDER BY flows DESC, category"""
THREE_HOP = """
MATCH (d:Department)<-[:OWNED_BY]-(s:System)-[:DATA_FLOW]->(t:System)-[:SUPPLIED_BY]->(v:Vendor)
RETURN d.id AS department, count(DISTINCT v) AS vendors ORDER BY vendors DESC, department LIMIT 10"""
