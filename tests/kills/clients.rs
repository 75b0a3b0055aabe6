//! Clients that write and read through HTTP, and know what they were told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::Random;
use crate::history::{Operation, Recorder};

pub const CLIENTS: usize = 6;
const REGISTERS: usize = 4;

/// What clients and the test share.
pub struct World {
    pub recorder: Recorder,
    /// Where the service answers, while it runs and clients may ask.
    base: Mutex<Option<String>>,
    changed: Condvar,
    busy: AtomicUsize,
    /// Operations that ended, whichever way.
    ended: AtomicUsize,
    stopped: AtomicBool,
    /// What was begun may end, and nothing is begun.
    draining: AtomicBool,
    values: AtomicU64,
    /// Pairs of elements that were made by one change set each, with the revision that was answered.
    pairs: Mutex<BTreeMap<u64, u64>>,
}

impl World {
    pub fn new(recorder: Recorder) -> Self {
        Self {
            recorder,
            base: Mutex::default(),
            changed: Condvar::new(),
            busy: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            values: AtomicU64::new(1),
            pairs: Mutex::default(),
        }
    }

    /// Lets clients ask.
    pub fn resume(&self, base: &str) {
        *self.base.lock().expect("unpoisoned") = Some(base.to_owned());
        self.changed.notify_all();
    }

    /// Keeps clients from asking anew.
    pub fn pause(&self) {
        *self.base.lock().expect("unpoisoned") = None;
    }

    /// Lets everything that was begun end. The service must be running.
    pub fn quiesce(&self) {
        let began = Instant::now();
        self.draining.store(true, Ordering::SeqCst);
        while self.busy.load(Ordering::SeqCst) > 0 {
            assert!(began.elapsed() < Duration::from_secs(60), "a client is stuck");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.pause();
        self.draining.store(false, Ordering::SeqCst);
    }

    /// Where to ask, when asking is allowed; absent at the end. Counts the caller as busy.
    fn enter(&self) -> Option<String> {
        self.wait_for_base(|| {
            let may_begin = !self.draining.load(Ordering::SeqCst);
            self.busy.fetch_add(usize::from(may_begin), Ordering::SeqCst);
            may_begin
        })
    }

    /// Where to ask again after a kill.
    fn again(&self) -> Option<String> {
        self.wait_for_base(|| true)
    }

    fn wait_for_base(&self, may_go: impl Fn() -> bool) -> Option<String> {
        let mut base = self.base.lock().expect("unpoisoned");
        loop {
            if self.stopped.load(Ordering::SeqCst) {
                return None;
            }
            if let Some(found) = base.clone().filter(|_| may_go()) {
                return Some(found);
            }
            base = self.changed.wait_timeout(base, Duration::from_millis(5)).expect("unpoisoned").0;
        }
    }

    fn leave(&self) {
        self.ended.fetch_add(1, Ordering::SeqCst);
        self.busy.fetch_sub(1, Ordering::SeqCst);
    }

    /// Waits until so many more operations have ended, but not for ever: on a busy computer little happens.
    pub fn wait_for_operations(&self, count: usize) {
        let (began, before) = (Instant::now(), self.ended.load(Ordering::SeqCst));
        while self.ended.load(Ordering::SeqCst) < before + count && began.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn next_value(&self) -> u64 {
        self.values.fetch_add(1, Ordering::SeqCst)
    }

    /// Pairs that were acknowledged.
    pub fn pairs(&self) -> BTreeMap<u64, u64> {
        self.pairs.lock().expect("unpoisoned").clone()
    }

    pub fn acknowledged(&self) -> usize {
        self.pairs.lock().expect("unpoisoned").len()
    }
}

/// The threads of the clients.
pub struct Clients(Vec<JoinHandle<()>>);

impl Clients {
    pub fn start(world: &Arc<World>, seed: u64) -> Self {
        let client = |number: usize| {
            let (world, seed) = (Arc::clone(world), seed + number as u64);
            std::thread::spawn(move || Client { world, agent: agent(), random: Random(seed), seen: None }.run())
        };
        Self((0..CLIENTS).map(client).collect())
    }

    pub fn stop(self, world: &World) {
        world.stopped.store(true, Ordering::SeqCst);
        world.changed.notify_all();
        for client in self.0 {
            client.join().expect("a client that is content");
        }
    }
}

fn agent() -> ureq::Agent {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(20)));
    config.build().into()
}

struct Client {
    world: Arc<World>,
    agent: ureq::Agent,
    random: Random,
    /// A register, its value and tag, as last read.
    seen: Option<(usize, u64, String)>,
}

/// Status, body and tag; absent when the connection broke, so that nobody knows what happened.
type Answer = Option<(u16, Json, String)>;

impl Client {
    fn run(mut self) {
        while let Some(base) = self.world.enter() {
            match self.random.below(10) {
                0..3 => self.read(&base),
                3..6 => self.write(&base),
                6..8 => self.write_if(&base),
                _ => self.make_pair(&base),
            }
            self.world.leave();
            std::thread::sleep(Duration::from_micros(self.random.below(2_000)));
        }
    }

    fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: Option<&Json>) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = request.header("content-type", "application/json");
        let body = body.map_or_else(Vec::new, |json| json.to_string().into_bytes());
        let mut response = self.agent.run(request.body(body).expect("a request")).ok()?;
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).unwrap_or("").to_owned();
        let text = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), serde_json::from_str(&text).ok()?, tag))
    }

    fn read(&mut self, base: &str) {
        let register = usize::try_from(self.random.below(REGISTERS as u64)).expect("small");
        let process = self.world.recorder.call(register, Operation::Read { value: 0 });
        match self.send("GET", &format!("{base}/api/v1/systems/reg-{register}"), &[], None) {
            Some((200, body, tag)) => {
                let value = body["attributes"]["users"].as_u64().expect("a number");
                self.world.recorder.answer(process, Operation::Read { value });
                self.seen = Some((register, value, tag));
            }
            None => self.world.recorder.forget(process),
            Some(other) => panic!("{other:?}"),
        }
    }

    /// Writes, and asks again after a kill with the same key in half of the cases.
    fn patch(&mut self, base: &str, register: usize, value: u64, condition: Option<&str>) -> Answer {
        let key = format!("write-{value}");
        let body = json!({"attributes": {"users": value}, "change": {"author": "client", "reason": "trial"}});
        let is_patient = self.random.below(2) == 0;
        let mut headers = Vec::new();
        headers.extend(condition.map(|tag| ("if-match", tag)));
        headers.extend(is_patient.then_some(("idempotency-key", key.as_str())));
        let mut answer = self.send("PATCH", &format!("{base}/api/v1/systems/reg-{register}"), &headers, Some(&body));
        while answer.is_none() && is_patient {
            let Some(base) = self.world.again() else { break };
            answer = self.send("PATCH", &format!("{base}/api/v1/systems/reg-{register}"), &headers, Some(&body));
        }
        answer
    }

    fn write(&mut self, base: &str) {
        let register = usize::try_from(self.random.below(REGISTERS as u64)).expect("small");
        let value = self.world.next_value();
        let process = self.world.recorder.call(register, Operation::Write { value });
        match self.patch(base, register, value, None) {
            Some((201, ..)) => self.world.recorder.answer(process, Operation::Write { value }),
            None => {}
            Some(other) => panic!("{other:?}"),
        }
    }

    fn write_if(&mut self, base: &str) {
        let Some((register, expected, tag)) = self.seen.take() else { return };
        let value = self.world.next_value();
        let asked = |done| Operation::WriteIf { expected, value, done };
        let process = self.world.recorder.call(register, asked(None));
        match self.patch(base, register, value, Some(&tag)) {
            Some((201, ..)) => self.world.recorder.answer(process, asked(Some(true))),
            Some((412, ..)) => self.world.recorder.answer(process, asked(Some(false))),
            None => {}
            Some(other) => panic!("{other:?}"),
        }
    }

    /// Two elements by one change set: both are there, or neither.
    fn make_pair(&mut self, base: &str) {
        let number = self.world.next_value();
        let create = |side: &str| json!({"op": "create_element", "id": format!("{side}-{number}"), "kind": "system", "name": side});
        let body = json!({"message": "a pair", "operations": [create("left"), create("right")]});
        match self.send("POST", &format!("{base}/api/v1/change-sets"), &[], Some(&body)) {
            Some((201, body, _)) => {
                let revision = body["revision"].as_u64().expect("a number");
                self.world.pairs.lock().expect("unpoisoned").insert(number, revision);
            }
            None => {}
            Some(other) => panic!("{other:?}"),
        }
    }
}

/// Makes the registers, all holding 0.
pub fn create_registers(base: &str) {
    let create = |register: usize| {
        json!({"op": "create_element", "id": format!("reg-{register}"), "kind": "system", "name": "register",
               "attributes": {"users": 0}})
    };
    let operations: Vec<Json> = (0..REGISTERS).map(create).collect();
    let body = json!({"message": "registers", "operations": operations}).to_string();
    let sent = agent().post(format!("{base}/api/v1/change-sets")).header("content-type", "application/json").send(body);
    assert_eq!(sent.expect("an answer").status(), 201);
}

/// What the registers hold.
pub fn read_registers(base: &str) -> Vec<u64> {
    let read = |register: usize| {
        let mut answer = agent().get(format!("{base}/api/v1/systems/reg-{register}")).call().expect("an answer");
        let body: Json = serde_json::from_str(&answer.body_mut().read_to_string().expect("text")).expect("JSON");
        body["attributes"]["users"].as_u64().expect("a number")
    };
    (0..REGISTERS).map(read).collect()
}
