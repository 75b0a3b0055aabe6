//! What becomes of a closed store when its files are damaged: ezu's ledger, bare sled, redb and SQLite,
//! the same 300 records, the same seeds.
//!
//! `storage_damage [TRIALS] [FOLDER]` prints a table: for each kind of damage, how often a store was
//! intact, refused with an error, panicked, hung, answered with wrong data, or silently lost records.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ezu::storage::{Entry, Payload, StorageOptions, Store};
use ezu_peers::random::Random;

const RECORDS: u64 = 300;
const ENGINES: [&str; 5] = ["ezu, journal hit", "ezu, second copy hit", "sled", "redb", "SQLite WAL FULL"];
const DAMAGES: [&str; 4] = ["one bit flipped", "512 bytes zeroed", "tail cut", "garbage behind the end"];
const TABLE: redb::TableDefinition<'_, u64, &[u8]> = redb::TableDefinition::new("ledger");

type Failure = Box<dyn std::error::Error>;

fn record(number: u64) -> Vec<u8> {
    let mut random = Random::new(number);
    let length = 200 + random.below(600);
    (0..length).map(|_| b'a' + random.below(26) as u8).collect()
}

fn connect(folder: &Path) -> Result<rusqlite::Connection, rusqlite::Error> {
    let connection = rusqlite::Connection::open(folder.join("store"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Writes the records, one commit each, and closes in order.
fn write(engine: &str, folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    match engine {
        "sled" => {
            let db = sled::open(folder)?;
            for number in 1..=RECORDS {
                db.insert(number.to_be_bytes(), record(number))?;
                db.flush()?;
            }
        }
        "redb" => {
            let db = redb::Database::create(folder.join("store"))?;
            for number in 1..=RECORDS {
                let transaction = db.begin_write()?;
                transaction.open_table(TABLE)?.insert(number, record(number).as_slice())?;
                transaction.commit()?;
            }
        }
        "SQLite WAL FULL" => {
            let connection = connect(folder)?;
            connection.execute("create table ledger (revision integer primary key, payload blob)", [])?;
            for number in 1..=RECORDS {
                connection.execute("insert into ledger (payload) values (?1)", [record(number)])?;
            }
        }
        _ => {
            let (store, _) = Store::open(folder, &StorageOptions::default())?;
            for number in 1..=RECORDS {
                store.append(&[Entry { payload: record(number), time: 0 }])?;
            }
        }
    }
    Ok(())
}

/// Everything that the store gives back, by number.
fn read(engine: &str, folder: &Path) -> Result<BTreeMap<u64, Vec<u8>>, Failure> {
    let mut found = BTreeMap::new();
    match engine {
        "sled" => {
            for item in sled::open(folder)?.iter() {
                let (key, value) = item?;
                found.insert(u64::from_be_bytes(key.as_ref().try_into()?), value.to_vec());
            }
        }
        "redb" => {
            use redb::{ReadableDatabase as _, ReadableTable as _};
            let db = redb::Database::open(folder.join("store"))?;
            let table = db.begin_read()?.open_table(TABLE)?;
            for item in table.iter()? {
                let (key, value) = item?;
                found.insert(key.value(), value.value().to_vec());
            }
        }
        "SQLite WAL FULL" => {
            let connection = connect(folder)?;
            let mut statement = connection.prepare("select revision, payload from ledger")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                found.insert(u64::try_from(row.get::<_, i64>(0)?)?, row.get(1)?);
            }
        }
        _ => {
            let (store, _) = Store::open(folder, &StorageOptions::default())?;
            for frame in store.frames(1, u64::MAX) {
                let frame = frame?;
                if let Payload::Present(bytes) = frame.payload {
                    found.insert(frame.revision, bytes);
                }
            }
        }
    }
    Ok(found)
}

/// Runs in a process of its own, because some engines panic or never come back.
fn judge(engine: &str, folder: &Path) -> &'static str {
    match read(engine, folder) {
        Err(error) => {
            eprintln!("{error}");
            "refused"
        }
        Ok(found) if found.iter().any(|(number, bytes)| *number > RECORDS || record(*number) != *bytes) => "wrong data",
        Ok(found) if found.len() as u64 != RECORDS => "silent loss",
        Ok(_) => "intact",
    }
}

fn files(folder: &Path, within: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = item.path();
        if path.is_dir() {
            found.extend(files(&path, within));
        } else if path.to_string_lossy().contains(within) && fs::metadata(&path).is_ok_and(|data| data.len() > 0) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The file that holds the records: the largest.
fn target(engine: &str, folder: &Path) -> Option<PathBuf> {
    let within = match engine {
        "ezu, journal hit" => "/journal/",
        "ezu, second copy hit" => "/second-",
        _ => "",
    };
    files(folder, within).into_iter().max_by_key(|path| fs::metadata(path).map_or(0, |data| data.len()))
}

fn harm(damage: &str, path: &Path, random: &mut Random) -> std::io::Result<()> {
    let mut bytes = fs::read(path)?;
    // Much of a file may never have been used; damage there says nothing.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
    let place = random.below(u32::try_from(used).unwrap_or(u32::MAX)) as usize;
    match damage {
        "one bit flipped" => bytes[place] ^= 1 << random.below(8),
        "512 bytes zeroed" => {
            let end = (place + 512).min(bytes.len());
            bytes[place..end].fill(0);
        }
        "tail cut" => bytes.truncate(place),
        _ => bytes.extend((0..4096).map(|_| random.below(256) as u8)),
    }
    fs::write(path, bytes)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for item in fs::read_dir(from)? {
        let item = item?;
        let target = to.join(item.file_name());
        if item.file_type()?.is_dir() {
            copy(&item.path(), &target)?;
        } else {
            fs::copy(item.path(), target)?;
        }
    }
    Ok(())
}

fn trial(engine: &str, folder: &Path) -> Result<String, Failure> {
    let mut process = Command::new(std::env::current_exe()?)
        .args(["judge", engine, &folder.to_string_lossy()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let began = Instant::now();
    while process.try_wait()?.is_none() {
        if began.elapsed() > Duration::from_secs(30) {
            process.kill()?;
            process.wait()?;
            return Ok("hung".to_owned());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = process.wait_with_output()?;
    let word = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(if word.is_empty() { "panicked".to_owned() } else { word })
}

fn table(trials: u64, folder: &Path) -> Result<(), Failure> {
    println!("{trials} trials each");
    for engine in ENGINES {
        let whole = folder.join("whole");
        write(engine, &whole)?;
        for damage in DAMAGES {
            let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
            for seed in 0..trials {
                let copied = folder.join("copy");
                copy(&whole, &copied)?;
                let path = target(engine, &copied).ok_or("nothing to damage")?;
                harm(damage, &path, &mut Random::new(seed))?;
                *outcomes.entry(trial(engine, &copied)?).or_default() += 1;
                fs::remove_dir_all(&copied)?;
            }
            println!("{engine:22} {damage:24} {outcomes:?}");
        }
        fs::remove_dir_all(&whole)?;
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [judging, engine, folder] = arguments.as_slice()
        && judging == "judge"
    {
        println!("{}", judge(engine, Path::new(folder)));
        // Some engines wait for ever when they are closed after damage.
        std::process::exit(0);
    }
    let trials = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(60);
    let default = std::env::temp_dir().join(format!("ezu-storage-damage-{}", std::process::id()));
    table(trials, &arguments.get(1).map_or(default, Into::into))
}
