// この機器が止まると、直接または間接に何が止まりうるか
// What stands on this machine, directly or on something that does?
// $machine = inf-vm-old
MATCH (s:System)-[:RUNS_ON|DEPENDS_ON*1..4]->(:Infrastructure {id: $machine})
RETURN DISTINCT s.id AS id, s.name AS name
ORDER BY id;
