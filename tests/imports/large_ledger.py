"""Writes a ledger of many rows: python3 tests/imports/large_ledger.py 100000 ledger.csv"""
import random
import sys

n=int(sys.argv[1]); r=random.Random(7)
deps=[f"{a}{b}課" for a in ["市民","税務","福祉","子育て","環境","都市","道路","水道","教育","総務","財政","情報","防災","議会"] for b in ["","管理","推進","総括"]]
vend=[f"株式会社{a}{b}" for a in ["北斗","みらい","あおば","富士見","中央","東海","日本橋","さくら"] for b in ["システムズ","ソフト","データ","情報","テクノ"]]
words1=["住民","税","福祉","介護","保険","国保","年金","児童","教育","図書","道路","河川","上水","下水","防災","庁内","文書","財務","人事","給与","契約","入札","施設","公園","農業","商工","観光","統計","選挙","戸籍"]
words2=["記録","管理","台帳","照会","申請","受付","通知","収納","賦課","統合","連携","検索","予約","集計","申告","証明"]
out=open(sys.argv[2],"w",encoding="utf-8-sig")
out.write("システム名,所管課,保守業者,運用開始日,契約終了日,年間経費（千円）,利用者数,個人情報,備考\n")
for i in range(n):
    w=r.choice(words1)+r.choice(words2)
    y=r.randint(12,30)
    out.write(f"{w}システム{i:06d},{r.choice(deps)},{r.choice(vend)},H{y}.4.1,R{r.randint(8,14)}.3.31,\"{r.randint(1,99999):,}\",{r.randint(1,5000)},{r.choice(['○','×','無','有'])},整理番号{i}\n")
