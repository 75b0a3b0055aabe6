// 支援措置の情報は、どのシステムへ、どの方法で渡されているか（データ連携そのものに尋ねる）
// Where does the data on protected persons go, and how? (asks the data flows themselves)
// $data = dat-shien
MATCH (flow:DataFlow)-[:CARRIES]->(:DataObject {id: $data})
MATCH (to {id: flow.target})
RETURN flow.method AS method, count(*) AS flows, collect(to.name)[..3] AS among_them
ORDER BY flows DESC, method;
