// 同じシステムに手を入れるプロジェクトの組はどれか
// Which projects touch the same system?
MATCH (p:Project)-[:CHANGES_SYSTEM]->(s:System)<-[:CHANGES_SYSTEM]-(q:Project)
WHERE p.id < q.id
RETURN s.name AS system, p.name AS project, q.name AS other
ORDER BY system, project, other;
