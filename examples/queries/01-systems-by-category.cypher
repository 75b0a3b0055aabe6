// 稼働中の情報システムは分類ごとにいくつあり、年にいくらかかるか
// How many systems run in each category, and what do they cost a year?
MATCH (s:System)
WHERE s.status = 'active'
RETURN s.category AS category, count(*) AS systems, sum(s.annual_cost_kyen) AS thousand_yen
ORDER BY thousand_yen DESC, category
LIMIT 5;
