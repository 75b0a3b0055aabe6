// 一人しか分からないシステムはどれか
// Which systems does only one person know?
MATCH (s:System)
LET people = COUNT { (s)-[:KNOWN_BY]->() }
FILTER people = 1
RETURN s.id AS id, s.name AS name
ORDER BY id;
