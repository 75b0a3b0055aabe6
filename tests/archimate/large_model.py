"""Writes a model in the exchange format of so many megabytes: python3 tests/archimate/large_model.py 100 model.xml"""
import random
import sys

target=float(sys.argv[1])*1e6; r=random.Random(5)
out=open(sys.argv[2],"w",encoding="utf-8"); 
types=["BusinessActor","BusinessProcess","BusinessObject","ApplicationComponent","ApplicationService","DataObject","Node","TechnologyService","Goal","Requirement"]
n=int(target/880)
def w(s): out.write(s)
w('<?xml version="1.0" encoding="UTF-8"?>\n<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" identifier="id-large">\n<name xml:lang="ja">大きなモデル</name>\n<elements>\n')
W=["住民","税務","福祉","介護","国保","年金","児童","教育","図書","道路","河川","上水","下水","防災"]
kinds=[]
for i in range(n):
    k=types[i%10]; kinds.append(k)
    w(f'  <element identifier="id-e{i:08x}" xsi:type="{k}">\n    <name xml:lang="ja">{r.choice(W)}の要素{i}</name>\n    <documentation xml:lang="ja">{r.choice(W)}に関する要素であり、{r.choice(W)}の業務で使う。番号は{i}である。</documentation>\n')
    w(f'    <properties>\n      <property propertyDefinitionRef="pd-1"><value xml:lang="ja">{r.choice(W)}部{r.choice(W)}課</value></property>\n      <property propertyDefinitionRef="pd-2"><value>{r.randint(1,99999)}</value></property>\n    </properties>\n  </element>\n')
w('</elements>\n<relationships>\n')
m=int(n*1.5); rels=[]
for i in range(m):
    a,b=r.randrange(n),r.randrange(n); rels.append((a,b))
    w(f'  <relationship identifier="id-r{i:08x}" source="id-e{a:08x}" target="id-e{b:08x}" xsi:type="Association"><name xml:lang="ja">関連{i}</name></relationship>\n')
w('</relationships>\n<organizations>\n')
for f in range(0,n,200):
    w(f'  <item><label xml:lang="ja">フォルダー{f//200}</label>\n')
    for i in range(f,min(f+200,n)): w(f'    <item identifierRef="id-e{i:08x}"/>\n')
    w('  </item>\n')
w('</organizations>\n<propertyDefinitions>\n  <propertyDefinition identifier="pd-1" type="string"><name>担当部署</name></propertyDefinition>\n  <propertyDefinition identifier="pd-2" type="number"><name>管理番号</name></propertyDefinition>\n</propertyDefinitions>\n<views><diagrams>\n')
for v in range(n//100):
    w(f'  <view identifier="id-v{v:08x}" xsi:type="Diagram"><name xml:lang="ja">図{v}</name>\n')
    for j in range(40):
        e=v*100+j
        w(f'    <node identifier="id-n{v:06x}-{j:02x}" elementRef="id-e{e:08x}" xsi:type="Element" x="{(j%8)*160}" y="{(j//8)*90}" w="120" h="55"><style><fillColor r="255" g="255" b="181" a="100"/><lineColor r="92" g="92" b="92"/><font name="Segoe UI" size="9"><color r="0" g="0" b="0"/></font></style></node>\n')
    w('  </view>\n')
w('</diagrams></views>\n</model>\n')
