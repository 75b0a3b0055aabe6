//! Words of invented cities. The codes are those of the municipal metamodel.

/// The field of a process and the category of a system for it.
pub(super) const FIELDS: [(&str, &str); 12] = [
    ("住民", "住民情報"),
    ("税", "税"),
    ("保険年金", "保険年金"),
    ("福祉", "福祉"),
    ("子育て", "子育て・教育"),
    ("健康", "健康"),
    ("教育", "教育文化"),
    ("環境", "環境"),
    ("産業", "産業"),
    ("都市建設", "都市・建設"),
    ("上下水道", "上下水道"),
    ("内部管理", "内部管理"),
];

/// What work, data and systems are about.
pub(super) const TOPICS: [&str; 16] = [
    "住民記録",
    "印鑑",
    "戸籍",
    "市税",
    "収納",
    "国保",
    "介護",
    "障害",
    "保育",
    "就学",
    "予防接種",
    "道路",
    "公園",
    "水道料金",
    "契約",
    "文書",
];

/// What is done.
pub(super) const PROCESS_WORDS: [&str; 6] = ["の届出受付", "の証明発行", "の審査", "の賦課", "の給付", "の照会対応"];

pub(super) const SYSTEM_TYPES: [&str; 5] = ["package", "saas", "lgwan-asp", "nocode-app", "euc-excel"];
pub(super) const BACKUPS: [&str; 3] = ["offsite", "onsite", "none"];
pub(super) const PERSONAL: [&str; 4] = ["none", "personal", "sensitive", "specific"];
pub(super) const CHANNELS: [&str; 4] = ["窓口", "郵送", "電子", "電話"];
pub(super) const CRUD: [&str; 4] = ["R", "CR", "CRU", "CRUD"];
pub(super) const METHODS: [&str; 8] = ["api", "file", "file", "dbl", "lgwan", "manualcsv", "rekey", "paper"];
pub(super) const CONTROLS: [&str; 4] = ["intra", "dedicated", "specific", "encrypted"];
