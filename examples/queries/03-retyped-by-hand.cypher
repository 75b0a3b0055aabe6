// どの課が、ほかのシステムのデータを手で移すのに年何時間使っているか
// Which departments spend how many hours a year on moving data by hand?
MATCH (from)-[flow:DATA_FLOW]->(to:System)-[:OWNED_BY]->(d:Department)
WHERE flow.method IN ['rekey', 'manualcsv', 'usb']
RETURN d.name AS department, count(flow) AS flows, sum(flow.manual_hours_per_year) AS hours
ORDER BY hours DESC, department
LIMIT 5;
