// このシステムが止まると、何がどうなるか（影響分析を問い合わせから呼ぶ）
// If this system stops, what happens to what? (calls the impact analysis from a query)
// $system = sys-juki
CALL ezu.impact($system, 'stop') YIELD kind, effect
RETURN effect, kind, count(*) AS items
ORDER BY effect, items DESC, kind;
