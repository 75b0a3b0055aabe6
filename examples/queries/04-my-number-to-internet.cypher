// マイナンバー利用事務系からインターネット接続系まで、データはどの経路で届きうるか
// By which ways may data come from the My Number zone to the internet zone?
MATCH (a:System)-[:IN_ZONE]->(:Zone {id: 'zone-mynumber'}),
      (b:System)-[:IN_ZONE]->(:Zone {id: 'zone-internet'}),
      p = ANY SHORTEST (a)-[:DATA_FLOW]->{1,4}(b)
RETURN length(p) AS hops, [n IN nodes(p) | n.name] AS way
ORDER BY hops, way
LIMIT 10;
