//! A small program for the trials beside it: it writes to a ledger and says what was acknowledged, and
//! compares a ledger with what was said.
//!
//! ```text
//! storage_writer write FOLDER [--writers N] [--large]   a line "revision number" an acknowledgement, until killed
//! storage_writer check FOLDER ACKNOWLEDGED              exit 0: all there; 1: lost or changed; 2: refused
//! storage_writer full FOLDER BALLAST CYCLES             fills the disk, CYCLES times, and goes on
//! storage_writer end FOLDER                             prints revision and hash of the head
//! ```

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use ezu::storage::{AppendError, Entry, Health, Payload, SledKind, StorageOptions, Store};

/// The payload of a number: what is read back can be compared without being remembered.
fn payload(number: u64, large: bool) -> Vec<u8> {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let length = if large { 50_000 + mixed % 300_000 } else { 50 + mixed % 700 };
    let mut bytes = format!("{{\"number\":{number},\"large\":{large},\"filler\":\"").into_bytes();
    while (bytes.len() as u64) < length {
        mixed ^= mixed << 13;
        mixed ^= mixed >> 7;
        mixed ^= mixed << 17;
        bytes.extend_from_slice(&mixed.to_le_bytes());
    }
    bytes
}

/// The number in a payload, if the payload is exactly the one of that number.
fn number_of(bytes: &[u8]) -> Option<u64> {
    let digits: String =
        bytes.get(10..)?.iter().take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
    let number = digits.parse().ok()?;
    let same = [false, true].into_iter().any(|large| payload(number, large) == bytes);
    same.then_some(number)
}

type Request = (u64, Vec<u8>, Sender<u64>);

fn batcher(store: &Store, inbox: &Receiver<Request>) {
    while let Ok(first) = inbox.recv() {
        let mut requests = vec![first];
        let mut bytes = requests[0].1.len();
        while requests.len() < 256 && bytes < 1 << 20 {
            let Ok(next) = inbox.try_recv() else { break };
            bytes += next.1.len();
            requests.push(next);
        }
        let entries: Vec<Entry> = requests
            .iter()
            .map(|(number, payload, _)| Entry { payload: payload.clone(), time: i64::try_from(*number).unwrap_or(0) })
            .collect();
        match store.append(&entries) {
            Ok(receipts) => {
                for ((_, _, answer), receipt) in requests.iter().zip(receipts) {
                    let _ = answer.send(receipt.revision);
                }
            }
            Err(error) => {
                eprintln!("not acknowledged: {error}");
                return;
            }
        }
    }
}

/// Writes until the process is killed. Each acknowledgement is one line, written at once.
fn write(folder: &Path, writers: u64, large: bool) -> Result<(), Box<dyn std::error::Error>> {
    let (store, report) = Store::open(folder, &options())?;
    if !report.repairs.is_empty() {
        eprintln!("repairs at opening: {:?}", report.repairs);
    }
    let start = store.head().revision * 1_000;
    let (sender, inbox) = mpsc::channel::<Request>();
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let sender = sender.clone();
            scope.spawn(move || {
                let (answer, answers) = mpsc::channel();
                for count in 0.. {
                    let number = (start + count) * 1_000 + writer;
                    if sender.send((number, payload(number, large), answer.clone())).is_err() {
                        return;
                    }
                    // The lifetime of the answer's sender in a failed batch ends with the batch.
                    let Ok(revision) = answers.recv_timeout(Duration::from_secs(60)) else {
                        return;
                    };
                    let line = format!("{revision} {number}\n");
                    if std::io::stdout().lock().write_all(line.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
        let store = &store;
        scope.spawn(move || batcher(store, &inbox));
        drop(sender);
    });
    Ok(())
}

/// Small segments, so that the trials meet their boundaries often; and with `EZU_INTAKE` so many bytes for what waits
/// before sled, so that a trial of a second can fill it.
fn options() -> StorageOptions {
    let mut sled = SledKind::default();
    if let Some(bytes) = std::env::var("EZU_INTAKE").ok().and_then(|text| text.parse().ok()) {
        sled.intake_bytes = bytes;
    }
    StorageOptions { segment_bytes: 1 << 20, second_copy: Some(Arc::new(sled)), ..StorageOptions::default() }
}

/// Segments that take so little of the disk at a time that the ledger of 100 cycles still has room on it.
fn small_steps() -> StorageOptions {
    StorageOptions { segment_bytes: 1 << 17, ..options() }
}

/// Compares the ledger with the acknowledgements. Lines that were cut by a kill are passed over.
fn check(folder: &Path, acknowledged: &Path) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let began = Instant::now();
    let (store, report) = match Store::open(folder, &options()) {
        Ok(opened) => opened,
        Err(error) => {
            println!("refused: {error}");
            return Ok(ExitCode::from(2));
        }
    };
    let opened = began.elapsed();
    let mut found = Vec::new();
    for frame in store.frames(1, u64::MAX) {
        let frame = frame?;
        let Payload::Present(bytes) = &frame.payload else {
            return Err("a payload is missing".into());
        };
        found.push(number_of(bytes).ok_or_else(|| format!("revision {} is half-written", frame.revision))?);
    }
    let text = fs::read_to_string(acknowledged)?;
    let (mut told, mut lost) = (0, 0);
    for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let Some((revision, number)) = line.split_once(' ') else {
            continue;
        };
        let (revision, number): (usize, u64) = (revision.parse()?, number.parse()?);
        told += 1;
        if found.get(revision - 1) != Some(&number) {
            lost += 1;
        }
    }
    let verified = store.verify(None)?;
    println!(
        "{told} acknowledged, {} found, {lost} lost, opened in {opened:?}, sound: {}, health: {:?}, repairs: {:?}",
        found.len(),
        verified.sound,
        store.health(),
        report.repairs,
    );
    if !verified.sound {
        println!("{:?}", verified.problems);
    }
    Ok(ExitCode::from(u8::from(lost > 0 || !verified.sound)))
}

/// Fills the disk with ballast, expects a refusal, reads, makes room, and expects writing to go on.
fn full(folder: &Path, ballast: &Path, cycles: u64) -> Result<(), Box<dyn std::error::Error>> {
    let (mut store, _) = Store::open(folder, &small_steps())?;
    let (mut number, mut told, mut refusals, mut degraded) = (0, Vec::new(), 0, 0);
    for cycle in 0..cycles {
        fill(ballast)?;
        loop {
            number += 1;
            match store.append(&[Entry { payload: payload(number, false), time: 0 }]) {
                Ok(receipts) => told.push((receipts[0].revision, number)),
                Err(AppendError::DiskFull(_)) => break,
                Err(error) => return Err(format!("cycle {cycle}: {error}").into()),
            }
        }
        refusals += 1;
        if store.health() == Health::Ready {
            return Err("a full disk is not reported".into());
        }
        if cycle % 5 == 4 {
            // Opening must succeed on a full disk too.
            drop(store);
            store = Store::open(folder, &small_steps())?.0;
        }
        for (revision, number) in told.iter().step_by(told.len() / 20 + 1) {
            let frame = store.frame(*revision)?.ok_or("a frame is gone")?;
            if frame.payload.bytes().and_then(number_of) != Some(*number) {
                return Err(format!("revision {revision} reads wrong on a full disk").into());
            }
        }
        fs::remove_file(ballast)?;
        number += 1;
        let receipts = store.append(&[Entry { payload: payload(number, false), time: 0 }])?;
        told.push((receipts[0].revision, number));
        for _ in 0..200 {
            if store.health() == Health::Ready {
                break;
            }
            degraded += 1;
            store.scrub_step(1 << 20);
        }
        if store.health() != Health::Ready {
            return Err(format!("cycle {cycle}: with room again, {:?}", store.health()).into());
        }
    }
    drop(store);
    let (store, report) = Store::open(folder, &small_steps())?;
    for (revision, number) in &told {
        let frame = store.frame(*revision)?.ok_or("a frame is lost")?;
        if frame.payload.bytes().and_then(number_of) != Some(*number) {
            return Err(format!("revision {revision} is lost").into());
        }
    }
    if store.head().revision != told.len() as u64 {
        return Err("something that was refused is in the ledger".into());
    }
    let sound = store.verify(None)?.sound;
    println!(
        "{cycles} cycles, {refusals} refusals, {} acknowledged, 0 lost, {degraded} steps of repair, sound: {sound}, repairs at opening: {:?}",
        told.len(),
        report.repairs
    );
    if sound { Ok(()) } else { Err("not sound".into()) }
}

/// Writes a file until there is no room for another byte.
fn fill(ballast: &Path) -> Result<(), std::io::Error> {
    let mut file = fs::File::create(ballast)?;
    for size in [1 << 20, 1 << 12, 1] {
        let block = vec![7; size];
        while file.write_all(&block).is_ok() {}
    }
    // With delayed allocation some room is only found missing here.
    let _ = file.sync_all();
    Ok(())
}

fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", folder, rest @ ..] => {
            let writers = rest.iter().position(|word| *word == "--writers").and_then(|place| rest.get(place + 1));
            let writers = writers.map_or(Ok(8), |text| text.parse())?;
            write(Path::new(folder), writers, rest.contains(&"--large"))?;
        }
        ["check", folder, acknowledged] => {
            return check(Path::new(folder), Path::new(acknowledged));
        }
        ["full", folder, ballast, cycles] => {
            full(Path::new(folder), Path::new(ballast), cycles.parse()?)?;
        }
        ["end", folder] => {
            let (store, _) = Store::open(Path::new(folder), &options())?;
            println!("{} {}", store.head().revision, store.head().hash);
        }
        _ => return Err("write, check, full or end; see the head of this file".into()),
    }
    Ok(ExitCode::SUCCESS)
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        println!("failed: {error}");
        ExitCode::from(1)
    })
}
