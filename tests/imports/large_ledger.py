"""Writes a ledger of many rows.

python3 tests/imports/large_ledger.py ROWS FILE            32 columns, as the city's ledger of systems has
python3 tests/imports/large_ledger.py ROWS FILE questions  9 columns; every second row asks something
"""
import csv
import random
import sys

COUNT, FILE, WITH_QUESTIONS = int(sys.argv[1]), sys.argv[2], sys.argv[3:] == ["questions"]
CHANCE = random.Random(7)
FIELDS = ["市民", "税務", "福祉", "子育て", "環境", "都市", "道路", "水道", "教育", "総務", "財政", "情報", "防災", "議会"]
SECTIONS = [f"{field}{part}課" for field in FIELDS for part in ["", "管理", "推進", "総括"]]
PLACES = ["北斗", "みらい", "あおば", "富士見", "中央", "東海", "日本橋", "さくら"]
VENDORS = [f"株式会社{place}{trade}" for place in PLACES for trade in ["システムズ", "ソフト", "データ", "情報", "テクノ"]]
TOPICS = ["住民", "税", "福祉", "介護", "保険", "国保", "年金", "児童", "教育", "図書", "道路", "河川", "上水", "下水", "防災",
          "庁内", "文書", "財務", "人事", "給与", "契約", "入札", "施設", "公園", "農業", "商工", "観光", "統計", "選挙", "戸籍"]
TASKS = ["記録", "管理", "台帳", "照会", "申請", "受付", "通知", "収納", "賦課", "統合", "連携", "検索", "予約", "集計", "申告", "証明"]
READINGS = ["ジュウミンキロク", "ゼイムショウカイ", "フクシシンセイ", "カイゴツウチ", "ドウロカンリ", "ボウサイレンケイ"]
PEOPLE = [f"職員{number:03d}" for number in range(1, 201)]


def name(number):
    return f"{CHANCE.choice(TOPICS)}{CHANCE.choice(TASKS)}システム{number:06d}"


def with_questions(number):
    start, end = CHANCE.randint(12, 30), CHANCE.randint(8, 14)
    return [name(number), CHANCE.choice(SECTIONS), CHANCE.choice(VENDORS), f"H{start}.4.1", f"R{end}.3.31",
            f"{CHANCE.randint(1, 99999):,}", CHANCE.randint(1, 5000), CHANCE.choice(["○", "×", "無", "有"]),
            f"整理番号{number}"]


def wide(number):
    start, end = CHANCE.randint(2015, 2026), CHANCE.randint(2027, 2034)
    databases = ["Red Hat Enterprise Linux 9、PostgreSQL 16", "Windows Server 2022、SQL Server 2022", "Oracle Linux 8、Oracle Database 19c"]
    return [f"sys-{number:06d}", name(number), CHANCE.choice(READINGS) + "システム", CHANCE.choice(["住民情報", "内部情報", "福祉"]),
            CHANCE.choice(["パッケージ", "SaaS", "LGWAN-ASP"]), CHANCE.choice(SECTIONS), CHANCE.choice(VENDORS),
            CHANCE.choice(["マイナンバー利用事務系", "LGWAN接続系", "インターネット接続系"]),
            CHANCE.choice(["ガバメントクラウド（CSP共同利用方式）", "庁内サーバ室", "事業者データセンター"]), "", "独自施策・周辺システム",
            CHANCE.randint(0, 40), CHANCE.randint(1, 900), f"{start}-04-01", f"{end}-03-31", CHANCE.randint(100, 90000),
            CHANCE.choice(databases), f"{end + 2}-11-09", CHANCE.choice([4, 24, 72, 168]), CHANCE.choice([0, 1, 24]),
            CHANCE.choice("SABC"), CHANCE.choice("○×"), CHANCE.choice(["遠隔地", "庁内のみ", "なし"]),
            CHANCE.choice(["個人情報", "なし", "要配慮個人情報"]), CHANCE.randint(10, 140000), CHANCE.choice(["利用事務", "なし"]),
            CHANCE.choice(["1", "2", "3A", "3B"]), CHANCE.choice(["行政事務標準文字", "なし"]), CHANCE.choice(["あり", "なし"]),
            "、".join(CHANCE.sample(PEOPLE, CHANCE.randint(1, 3))), CHANCE.choice(["稼働", "計画"]), f"整理番号{number}"]


HEADING = ["システム名", "所管課", "保守業者", "運用開始日", "契約終了日", "年間経費（千円）", "利用者数", "個人情報", "備考"]
WIDE_HEADING = ["システムID", "システム名", "フリガナ", "分類", "形態", "所管課", "事業者", "ネットワーク系", "設置・稼働場所",
                "標準化対象事務", "標準化状況", "改変数", "利用者数", "稼働開始日", "契約終了日", "年間経費（千円）", "OS・DB等",
                "サポート終了日", "目標復旧時間（時間）", "目標復旧時点（時間）", "BCP優先度", "冗長化", "バックアップ", "個人情報区分",
                "対象人数", "個人番号利用", "自治体機密性", "外字", "文字変換表", "担当者", "状態", "備考"]

with open(FILE, "w", encoding="utf-8-sig", newline="") as file:
    ledger = csv.writer(file)
    ledger.writerow(HEADING if WITH_QUESTIONS else WIDE_HEADING)
    ledger.writerows((with_questions if WITH_QUESTIONS else wide)(number) for number in range(COUNT))
