//! The queue before the writer and the publication of its states, under the orders in which threads may run.
//!
//! The file of the product is compiled here over the primitives of shuttle, which runs the threads in thousands of
//! random orders and prints a schedule that brings a failure back. `EZU_SCHEDULES` chooses how many (2,000 by default).

#[path = "../../src/application/queue.rs"]
mod queue;
mod sync;

use shuttle::future::block_on;
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;
use tokio::sync::oneshot;

use crate::queue::{Line, NotTaken, Queue, keep_and_publish, queue};
use crate::sync::Published;

/// What a client asks for: that its number be kept.
struct Command {
    number: u64,
    answer: oneshot::Sender<Result<usize, Refused>>,
}

/// The batch could not be kept.
#[derive(Debug, PartialEq, Eq)]
struct Refused;

/// What the writer and its clients share.
struct World {
    queue: Queue<Command>,
    published: Published<Vec<u64>>,
    /// What is on the disk.
    kept: Mutex<Vec<u64>>,
}

/// Numbers that are multiples of this cannot be kept, and no batch that holds one.
const UNKEEPABLE: u64 = 7;
const BATCH: usize = 2;

fn keep(world: &World, next: &[u64]) -> Result<usize, Refused> {
    let mut kept = world.kept.lock().expect("no client panics while it holds this");
    if next[kept.len()..].iter().any(|number| number % UNKEEPABLE == 0) {
        return Err(Refused);
    }
    *kept = next.to_vec();
    Ok(kept.len())
}

/// As the writer of the product: gather, keep, publish, answer.
fn write(world: &World, line: &Line<Command>) {
    while let Some(first) = line.first() {
        let mut next = world.published.load_full().to_vec();
        let mut answers = Vec::new();
        line.gather(first, |Command { number, answer }| {
            next.push(number);
            answers.push((next.len(), answer));
            answers.len() < BATCH
        });
        let next = Arc::new(next);
        let kept = keep_and_publish(&world.published, &next, || keep(world, &next), |_| ());
        for (revision, answer) in answers {
            drop(answer.send(kept.as_ref().map(|_| revision).map_err(|_| Refused)));
        }
    }
}

/// Hands numbers in one after the other and checks every answer.
fn ask(world: &World, numbers: &[u64]) -> usize {
    let mut taken = 0;
    for &number in numbers {
        let before = world.published.load_full();
        let (answer, receiver) = oneshot::channel();
        match world.queue.send(Command { number, answer }) {
            Err(NotTaken::Full | NotTaken::Closed) => continue,
            Ok(()) => taken += 1,
        }
        let answered = block_on(receiver).expect("what was taken is answered");
        let after = world.published.load_full();
        assert!(after.starts_with(&before), "a state was taken back");
        match answered {
            Ok(revision) => assert_eq!(after.get(revision - 1), Some(&number), "whoever is answered sees it"),
            Err(Refused) => assert!(!after.contains(&number), "what was refused was seen"),
        }
    }
    taken
}

/// Nobody sees what is not kept.
fn look(world: &World) {
    let seen = world.published.load_full();
    let kept = world.kept.lock().expect("no client panics while it holds this");
    assert!(kept.starts_with(&seen), "{seen:?} was seen, {kept:?} is kept");
}

fn schedules() -> usize {
    std::env::var("EZU_SCHEDULES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

fn world(most: usize) -> (Arc<World>, Line<Command>) {
    let (queue, line) = queue(most);
    let world = World { queue, published: Published::from_pointee(Vec::new()), kept: Mutex::new(Vec::new()) };
    (Arc::new(world), line)
}

/// Two clients, a reader, and a queue that may be full.
fn everything_at_once(most: usize) {
    let (world, line) = world(most);
    let writer = {
        let world = Arc::clone(&world);
        thread::spawn(move || write(&world, &line))
    };
    let clients: Vec<_> = [[1, 14, 2], [3, 4, 21]]
        .into_iter()
        .map(|numbers| {
            let world = Arc::clone(&world);
            thread::spawn(move || ask(&world, &numbers))
        })
        .collect();
    look(&world);
    let taken: usize = clients.into_iter().map(|client| client.join().expect("a client that is content")).sum();
    look(&world);
    world.queue.close();
    writer.join().expect("the writer ends when nobody can ask any more");
    assert_eq!(world.queue.waiting(), 0, "after {taken} commands nothing waits");
}

#[test]
fn what_is_answered_is_kept_and_seen_in_every_order() {
    shuttle::check_random(|| everything_at_once(4), schedules());
}

#[test]
fn the_same_with_preemptions_where_they_hurt() {
    shuttle::check_pct(|| everything_at_once(4), schedules(), 3);
}

#[test]
fn a_full_queue_refuses_and_counts_right() {
    shuttle::check_random(|| everything_at_once(1), schedules());
}

#[test]
fn what_was_taken_before_the_queue_was_closed_is_answered() {
    shuttle::check_random(
        || {
            let (world, line) = world(4);
            let client = {
                let world = Arc::clone(&world);
                thread::spawn(move || ask(&world, &[1, 2]))
            };
            let closer = {
                let world = Arc::clone(&world);
                thread::spawn(move || world.queue.close())
            };
            write(&world, &line);
            let taken = client.join().expect("a client that is content");
            closer.join().expect("closing does not fail");
            assert_eq!(world.published.load_full().len(), taken);
            assert_eq!(world.queue.send(Command { number: 3, answer: oneshot::channel().0 }), Err(NotTaken::Closed));
        },
        schedules(),
    );
}

/// The test can fail: a writer that publishes before it keeps is found out.
#[test]
fn publishing_too_early_is_found() {
    let found = std::panic::catch_unwind(|| {
        shuttle::check_random(
            || {
                let (world, _line) = world(4);
                let early = {
                    let world = Arc::clone(&world);
                    thread::spawn(move || {
                        world.published.store(Arc::new(vec![1]));
                        drop(keep(&world, &[1]));
                    })
                };
                look(&world);
                early.join().expect("it ends");
            },
            schedules(),
        );
    });
    assert!(found.is_err());
}
