CREATE (a:City {name: 'a'}), (b:City {name: 'b'}), (c:Town {name: 'c'})
CREATE (a)-[:ROAD {km: 3}]->(b), (b)-[:ROAD {km: 4}]->(c), (c)-[:RAIL]->(a);
