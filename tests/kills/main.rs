//! The service is killed again and again under concurrent writers, a fifth of the times while it starts.
//!
//! After each kill a copy of the folder is opened: nothing that was acknowledged is lost, nothing is half there, the
//! model is what the ledger says. Then the service starts on the folder itself, and its clients go on. What they were
//! told is one history for each element, which must be linearizable, kills included.
//!
//! `EZU_KILLS` chooses how many kills (10 by default), `EZU_KILL_SEED` the seed, `EZU_KILL_BINARY` another build of the
//! service.

mod checking;
mod clients;
mod history;
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use clients::{CLIENTS, Clients, World};
use history::Recorder;
use server::Server;

/// How many kills one ledger lives through; beginning one is worth interrupting too.
const A_LEDGER: u64 = 50;
/// How many kills one history spans.
const A_HISTORY: u64 = 10;

/// A splitmix64 generator: a seed brings a run's choices back, though not its timing.
pub struct Random(pub u64);

impl Random {
    /// A number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// What a whole run came to.
#[derive(Debug, Default)]
struct Totals {
    kills: u64,
    while_starting: u64,
    acknowledged: usize,
    revisions: u64,
    histories: usize,
    operations: usize,
    unknown: usize,
    repairs: usize,
    from_checkpoint: usize,
}

#[test]
fn nothing_is_lost_whenever_the_service_is_killed() {
    let kills = number("EZU_KILLS", 10);
    let seed = number("EZU_KILL_SEED", 1);
    let mut random = Random(seed);
    let mut totals = Totals::default();
    let began = Instant::now();
    while totals.kills < kills {
        let rest = kills - totals.kills;
        live(&mut random, &mut totals, rest.min(A_LEDGER));
        println!("{:.0} s: {totals:?}", began.elapsed().as_secs_f64());
    }
    println!(
        "seed {seed}, {CLIENTS} clients, {:.0} s: {totals:?}; 0 lost, 0 half-applied, 0 refused",
        began.elapsed().as_secs_f64()
    );
    assert!(totals.acknowledged > 0 && totals.operations > 0, "a run in which nothing is written shows nothing");
}

/// One ledger from its beginning on.
fn live(random: &mut Random, totals: &mut Totals, kills: u64) {
    let base = tempfile::tempdir().expect("a folder");
    let data = base.path().join("data");
    let world = Arc::new(World::new(Recorder::default()));
    let clients = Clients::start(&world, random.below(1 << 40));
    let mut is_begun = false;
    // How long a start takes here, as far as it is known.
    let mut start = Duration::from_millis(50);
    for kill in 1..=kills {
        if random.below(5) == 0 {
            let part = u32::try_from(random.below(1_000)).expect("small");
            Server::spawn(&data).kill_while_starting(start * part / 1_000);
            totals.while_starting += 1;
        } else {
            let began = Instant::now();
            let server = Server::spawn(&data).started();
            start = began.elapsed();
            if !is_begun {
                clients::create_registers(&server.base);
                is_begun = true;
            }
            world.resume(&server.base);
            world.wait_for_operations(usize::try_from(20 + random.below(120)).expect("small"));
            std::thread::sleep(Duration::from_micros(random.below(5_000)));
            if kill % A_HISTORY == 0 {
                end_history(&world, &server.base, totals);
                world.resume(&server.base);
                world.wait_for_operations(usize::try_from(random.below(20)).expect("small"));
            }
            server.kill();
            world.pause();
        }
        totals.kills += 1;
        checking::check(&data, &base.path().join("copy"), &world, totals);
    }
    let server = Server::spawn(&data).started();
    if !is_begun {
        clients::create_registers(&server.base);
    }
    world.resume(&server.base);
    end_history(&world, &server.base, totals);
    server.kill();
    clients.stop(&world);
    totals.acknowledged += world.acknowledged();
}

/// Waits until every client knows the outcome of what it asked, and judges the history.
fn end_history(world: &World, base: &str, totals: &mut Totals) {
    world.quiesce();
    let values = clients::read_registers(base);
    let (operations, unknown) = world.recorder.judge_and_begin(&values);
    totals.histories += values.len();
    totals.operations += operations;
    totals.unknown += unknown;
}
