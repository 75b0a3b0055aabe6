// 1年以内に契約が切れるシステムは、どの業者のものか
// Which contracts end within a year, and whose are they?
MATCH (s:System)
WHERE s.contract_end < date() + duration({years: 1})
OPTIONAL MATCH (s)-[:SUPPLIED_BY]->(v:Vendor)
RETURN s.contract_end AS ends, s.name AS system, v.name AS vendor
ORDER BY ends, system;
