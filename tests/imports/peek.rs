use ezu::application::files::load_metamodel;
use ezu::interchange::ledgers::{Dictionary, LedgerContext, read};
use ezu::interchange::{Format, Limits, ReadContext, SourceFile};

#[test]
fn peek() {
    let metamodel = load_metamodel(None).expect("metamodel");
    let dictionary =
        Dictionary::read(&[("municipality.yaml", include_str!("../../models/ledgers/municipality.yaml"))]).expect("ok");
    let limits = Limits::default();
    let mut files: Vec<_> =
        std::fs::read_dir("../shared/city/ledgers").expect("there").map(|e| e.expect("e").path()).collect();
    files.sort();
    for path in files {
        let bytes = std::fs::read(&path).expect("bytes");
        let name = path.file_name().expect("n").to_string_lossy().into_owned();
        let file = SourceFile { name: &name, bytes: &bytes };
        let context = LedgerContext {
            read: ReadContext { metamodel: &metamodel, limits: &limits, progress: &|_| {} },
            dictionary: &dictionary,
            memory: &[],
            choices: &[],
        };
        let model = read(Format::guess(&file), &file, context).expect("read");
        println!("== {name} {}", model.source);
        for table in &model.tables {
            println!("  {:?} {:?} {:?}", table.sheet, table.kind, table.heading_rows);
            for column in &table.columns {
                println!(
                    "     {} {} -> {:?} {:?} {:?}",
                    column.column, column.heading, column.known_from, column.meaning, column.suggestions
                );
            }
        }
        let mut outcomes = std::collections::BTreeMap::new();
        for record in &model.records {
            *outcomes.entry(format!("{:?}", record.outcome)).or_insert(0) += 1;
        }
        println!("  {outcomes:?} items {}", model.items.len());
        for problem in model.problems.iter().take(30) {
            println!(
                "    {:?} {} {} {:?} {} / {:?}",
                problem.kind,
                problem.code,
                problem.place,
                problem.text,
                problem.wrong.ja,
                problem.assumed.as_ref().map(|a| &a.ja)
            );
        }
        if let Some(item) = model.items.first() {
            println!("{item:?}");
        }
    }
}
