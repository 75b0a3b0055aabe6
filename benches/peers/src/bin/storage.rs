//! Acknowledged change sets a second, and how long one waits: ezu's ledger and its peers behind the
//! same single writer and batcher (256 change sets or 1 MB), storing the same bytes on the same disk.
//!
//! `storage speed [SECONDS] [FOLDER] [WRITERS] [ENGINE]` measures writing at 1, 16, 64 and 256 writers, or
//! at one of these only, or one engine only.
//! `storage turns [ROUNDS] [SECONDS] [FOLDER] [WRITERS]` lets the engines take turns, at 64 writers: the median of each,
//! and the median of the ratios within a round, for a machine changes its speed while it measures.
//! `storage open [FOLDER]` measures opening from a checkpoint at 10 k, 100 k and 1 M change sets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use ezu::storage::{Entry, StorageOptions, Store};
use ezu_peers::random::Random;

const BATCH: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
const WRITERS: [usize; 4] = [1, 16, 64, 256];

/// Something that keeps batches.
trait Engine {
    fn append(&mut self, batch: Vec<Vec<u8>>);
}

struct Ledger(Store);

impl Engine for Ledger {
    fn append(&mut self, batch: Vec<Vec<u8>>) {
        let entries: Vec<Entry> =
            batch.into_iter().map(|payload| Entry { payload, time: 0 }).collect();
        self.0.append(&entries).expect("append");
    }
}

struct Sled {
    db: sled::Db,
    next: u64,
    sync: bool,
}

impl Engine for Sled {
    fn append(&mut self, batch: Vec<Vec<u8>>) {
        let mut writes = sled::Batch::default();
        for payload in batch {
            self.next += 1;
            writes.insert(&self.next.to_be_bytes(), payload);
        }
        self.db.apply_batch(writes).expect("append");
        if self.sync {
            self.db.flush().expect("flush");
        }
    }
}

const TABLE: redb::TableDefinition<'_, u64, &[u8]> = redb::TableDefinition::new("ledger");

struct Redb {
    db: redb::Database,
    next: u64,
}

impl Engine for Redb {
    fn append(&mut self, batch: Vec<Vec<u8>>) {
        let transaction = self.db.begin_write().expect("begin");
        {
            let mut table = transaction.open_table(TABLE).expect("table");
            for payload in &batch {
                self.next += 1;
                table.insert(self.next, payload.as_slice()).expect("insert");
            }
        }
        transaction.commit().expect("commit");
    }
}

struct Sqlite(rusqlite::Connection);

impl Engine for Sqlite {
    fn append(&mut self, batch: Vec<Vec<u8>>) {
        let transaction = self.0.transaction().expect("begin");
        {
            let mut insert = transaction
                .prepare_cached("insert into ledger (payload) values (?1)")
                .expect("prepare");
            for payload in &batch {
                insert.execute([payload]).expect("insert");
            }
        }
        transaction.commit().expect("commit");
    }
}

const ENGINES: [&str; 7] = [
    "ezu",
    "ezu, journal alone",
    "sled, no sync",
    "sled, flush",
    "redb",
    "SQLite WAL FULL",
    "nothing",
];

struct Nothing;

impl Engine for Nothing {
    fn append(&mut self, _batch: Vec<Vec<u8>>) {}
}

fn open(name: &str, folder: &Path) -> Box<dyn Engine + Send> {
    fs::create_dir_all(folder).expect("folder");
    match name {
        "ezu" => Box::new(Ledger(Store::open(folder, &StorageOptions::default()).expect("open").0)),
        "ezu, journal alone" => {
            let options = StorageOptions { second_copy: None, ..StorageOptions::default() };
            Box::new(Ledger(Store::open(folder, &options).expect("open").0))
        }
        "sled, no sync" | "sled, flush" => {
            let db = sled::Config::new().path(folder).flush_every_ms(None).open().expect("open");
            Box::new(Sled { db, next: 0, sync: name == "sled, flush" })
        }
        "redb" => Box::new(Redb {
            db: redb::Database::create(folder.join("redb")).expect("open"),
            next: 0,
        }),
        "SQLite WAL FULL" => {
            let connection = rusqlite::Connection::open(folder.join("sqlite")).expect("open");
            connection.pragma_update(None, "journal_mode", "WAL").expect("pragma");
            connection.pragma_update(None, "synchronous", "FULL").expect("pragma");
            connection
                .execute(
                    "create table ledger (revision integer primary key, payload blob not null)",
                    [],
                )
                .expect("create");
            Box::new(Sqlite(connection))
        }
        _ => Box::new(Nothing),
    }
}

type Request = (Vec<u8>, Sender<()>);

/// The one writer: takes what waits, keeps it, answers.
fn batcher(engine: &mut dyn Engine, inbox: &Receiver<Request>) {
    while let Ok((first, answer)) = inbox.recv() {
        let mut bytes = first.len();
        let (mut batch, mut answers) = (vec![first], vec![answer]);
        while batch.len() < BATCH && bytes < BATCH_BYTES {
            let Ok((payload, answer)) = inbox.try_recv() else {
                break;
            };
            bytes += payload.len();
            batch.push(payload);
            answers.push(answer);
        }
        engine.append(batch);
        for answer in answers {
            // A writer that has stopped no longer listens.
            let _ = answer.send(());
        }
    }
}

/// About what a change set of one element with a dozen attributes takes.
fn change_set(random: &mut Random, text: &str, number: u64) -> Vec<u8> {
    let length = 220 + random.below(600) as usize;
    let start = random.below((text.len() - length) as u32) as usize;
    let value = &text[start..start + length];
    format!("{{\"author\":\"promoter\",\"number\":{number},\"operations\":[{{\"kind\":\"system\",\"note\":\"{value}\"}}]}}").into_bytes()
}

/// Letters without a pattern, to cut values from.
fn letters() -> String {
    let mut random = Random::new(7);
    (0..1 << 16).map(|_| char::from(b'a' + random.below(26) as u8)).collect()
}

fn client(inbox: &Sender<Request>, stop: &AtomicBool, seed: u64) -> (Vec<Duration>, u64) {
    let (mut random, text) = (Random::new(seed), letters());
    let mut waits = Vec::new();
    let mut bytes = 0;
    let (sender, answer) = mpsc::channel();
    while !stop.load(Ordering::Relaxed) {
        let payload = change_set(&mut random, &text, waits.len() as u64);
        bytes += payload.len() as u64;
        let began = Instant::now();
        inbox.send((payload, sender.clone())).expect("send");
        answer.recv().expect("answer");
        waits.push(began.elapsed());
    }
    (waits, bytes)
}

/// What was seen of one engine in one run.
struct Measured {
    a_second: f64,
    /// Half, 99 of 100 and 999 of 1,000 waits were no longer than these, in microseconds.
    waits: [u128; 3],
    bytes_on_disk_a_byte: f64,
}

fn measure(name: &str, writers: usize, time: Duration, folder: &Path) -> Measured {
    let (sender, inbox) = mpsc::channel();
    let mut engine = open(name, folder);
    let stop = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let writer = std::thread::spawn(move || batcher(engine.as_mut(), &inbox));
    let clients: Vec<_> = (0..writers)
        .map(|seed| {
            let (sender, stop) = (sender.clone(), Arc::clone(&stop));
            std::thread::spawn(move || client(&sender, &stop, seed as u64))
        })
        .collect();
    drop(sender);
    std::thread::sleep(time);
    stop.store(true, Ordering::Relaxed);
    let (mut waits, mut bytes) = (Vec::new(), 0);
    for client in clients {
        let (more, written) = client.join().expect("client");
        waits.extend(more);
        bytes += written;
    }
    let took = began.elapsed();
    writer.join().expect("writer");
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_micros();
    Measured {
        a_second: waits.len() as f64 / took.as_secs_f64(),
        waits: [at(0.5), at(0.99), at(0.999)],
        bytes_on_disk_a_byte: size(folder) as f64 / bytes as f64,
    }
}

/// As [`measure`], in a folder of its own that is removed afterwards.
fn measure_apart(name: &str, writers: usize, time: Duration, folder: &Path) -> Measured {
    let own = folder.join(format!("{writers}-{name}"));
    let measured = measure(name, writers, time, &own);
    fs::remove_dir_all(own).expect("clean");
    measured
}

fn size(folder: &Path) -> u64 {
    let items = fs::read_dir(folder).into_iter().flatten().flatten();
    items
        .map(|item| match item.metadata() {
            Ok(metadata) if metadata.is_dir() => size(&item.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

fn speed(time: Duration, folder: &Path, only: Option<usize>, engine: Option<&str>) {
    for writers in WRITERS.into_iter().filter(|writers| only.is_none_or(|only| only == *writers)) {
        for name in ENGINES.into_iter().filter(|name| engine.is_none_or(|only| only == *name)) {
            let Measured { a_second, waits: [half, most, nearly_all], bytes_on_disk_a_byte } =
                measure_apart(name, writers, time, folder);
            println!(
                "{name:20} {writers:4} writers {a_second:8.0} a second  p50 {half:6} µs  p99 {most:6} µs  \
                 p99.9 {nearly_all:6} µs  {bytes_on_disk_a_byte:5.2} bytes on disk a byte"
            );
        }
    }
}

/// The engines that ezu is compared with, taking turns with it.
const TURNS: [&str; 4] = ["ezu", "SQLite WAL FULL", "redb", "sled, no sync"];

fn turns(rounds: usize, time: Duration, folder: &Path, writers: usize) {
    let mut rates: [Vec<f64>; 4] = Default::default();
    let mut to_durable = Vec::new();
    let mut to_sled = Vec::new();
    for round in 1..=rounds {
        let seen = TURNS.map(|name| measure_apart(name, writers, time, folder));
        let [ezu, sqlite, redb, sled] = std::array::from_fn(|place| seen[place].a_second);
        to_durable.push(ezu / sqlite.max(redb));
        to_sled.push(ezu / sled);
        for (rates, measured) in rates.iter_mut().zip(&seen) {
            rates.push(measured.a_second);
        }
        println!(
            "round {round}: ezu {ezu:6.0}  SQLite {sqlite:6.0}  redb {redb:6.0}  sled, no sync {sled:6.0}   p99 {} / {} / {} / {} µs",
            seen[0].waits[1], seen[1].waits[1], seen[2].waits[1], seen[3].waits[1]
        );
    }
    for (name, rates) in TURNS.iter().zip(&mut rates) {
        println!("{name:20} {writers:4} writers: median {:6.0} a second", median(rates));
    }
    println!(
        "ezu to the better of SQLite and redb: median {:.2} (from {:.2} to {:.2}); to sled without sync: median {:.2}",
        median(&mut to_durable),
        to_durable[0],
        to_durable[to_durable.len() - 1],
        median(&mut to_sled)
    );
}

/// The middle of the values, which are sorted by this.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

fn opening(folder: &Path) {
    for count in [10_000_u64, 100_000, 1_000_000] {
        let own = folder.join(count.to_string());
        let options = StorageOptions::default();
        {
            let (store, _) = Store::open(&own, &options).expect("open");
            let (mut random, text) = (Random::new(1), letters());
            let began = Instant::now();
            for start in (0..count).step_by(250) {
                let batch: Vec<Entry> = (start..start + 250)
                    .map(|number| Entry {
                        payload: change_set(&mut random, &text, number),
                        time: 0,
                    })
                    .collect();
                store.append(&batch).expect("append");
            }
            println!("{count} change sets written in {:?}", began.elapsed());
            store.put_checkpoint(count - 1_000, &vec![b'x'; 50 << 20]).expect("checkpoint");
        }
        let began = Instant::now();
        let (store, report) = Store::open(&own, &options).expect("open");
        let opened = began.elapsed();
        let (revision, state) = store.newest_checkpoint().expect("read").expect("present");
        let tail = store.frames(revision + 1, u64::MAX).count();
        println!(
            "{count} change sets: opened in {opened:?} (read from {}), with a checkpoint of {} MB and {tail} more in {:?}",
            report.read_from,
            state.len() >> 20,
            began.elapsed(),
        );
        let began = Instant::now();
        let verified = store.verify(None).expect("verify");
        println!(
            "{count} change sets: verified in {:?}, sound: {}",
            began.elapsed(),
            verified.sound
        );
        drop(store);
        fs::remove_dir_all(own.join("checkpoints")).expect("remove");
        let began = Instant::now();
        let (_store, report) = Store::open(&own, &options).expect("open");
        println!(
            "{count} change sets: opened without a checkpoint in {:?} (read from {})",
            began.elapsed(),
            report.read_from
        );
        fs::remove_dir_all(&own).expect("clean");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |place: usize| arguments.get(place).map(String::as_str);
    let default = std::env::temp_dir().join(format!("ezu-storage-bench-{}", std::process::id()));
    match argument(0) {
        Some("speed") => {
            let seconds = argument(1).and_then(|text| text.parse().ok()).unwrap_or(3.0);
            let folder = argument(2).map_or(default, Into::into);
            let only = argument(3).and_then(|text| text.parse().ok());
            speed(Duration::from_secs_f64(seconds), &folder, only, argument(4));
        }
        Some("turns") => {
            let number = |place: usize, default: f64| {
                argument(place).and_then(|text| text.parse().ok()).unwrap_or(default)
            };
            let folder = argument(3).map_or(default, Into::into);
            let time = Duration::from_secs_f64(number(2, 3.0));
            turns(number(1, 15.0) as usize, time, &folder, number(4, 64.0) as usize);
        }
        Some("open") => opening(&argument(1).map_or(default, Into::into)),
        _ => println!(
            "storage speed [SECONDS] [FOLDER] | storage turns [ROUNDS] [SECONDS] [FOLDER] | storage open [FOLDER]"
        ),
    }
}
