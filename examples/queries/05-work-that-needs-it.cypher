// このシステムがなければできない業務はどの課にあり、何時間以内に戻す必要があるか
// Which work cannot be done without this system, whose is it, and how soon must it be back?
// $system = sys-juki
MATCH (p:BusinessProcess)-[u:USES]->(:System {id: $system})
WHERE u.role = 'essential'
OPTIONAL MATCH (p)-[:OWNED_BY]->(d:Department)
RETURN p.id AS id, p.name AS process, d.name AS department, p.continuity.rto_hours AS hours
ORDER BY hours, id;
