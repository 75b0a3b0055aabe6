//! What clients asked and were told, for each register, and whether one order explains it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action, History};
use todc_utils::specifications::Specification;

/// An operation on a register. Every value is written once in a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Read {
        value: u64,
    },
    Write {
        value: u64,
    },
    /// Writes if the register holds what was expected (`If-Match`); whether it did is unknown after a kill.
    WriteIf {
        expected: u64,
        value: u64,
        done: Option<bool>,
    },
}

/// A register that holds a number.
pub struct Register;

impl Specification for Register {
    type State = u64;
    type Operation = Operation;

    fn init() -> u64 {
        0
    }

    fn apply(operation: &Operation, state: &u64) -> (bool, u64) {
        match *operation {
            Operation::Read { value } => (value == *state, *state),
            Operation::Write { value } => (true, value),
            Operation::WriteIf { expected, value, done: None } => {
                (true, if expected == *state { value } else { *state })
            }
            Operation::WriteIf { expected, value, done: Some(true) } => (expected == *state, value),
            Operation::WriteIf { expected, done: Some(false), .. } => (expected != *state, *state),
        }
    }
}

type Events = Vec<(usize, Action<Operation>)>;

/// Collects what happens in the order in which it happens.
#[derive(Default)]
pub struct Recorder(Mutex<Record>);

#[derive(Default)]
struct Record {
    processes: usize,
    registers: BTreeMap<usize, Events>,
    /// Asked, and never answered.
    open: BTreeMap<usize, (usize, Operation)>,
}

impl Recorder {
    /// Notes that an operation is asked for; the answer is its number.
    pub fn call(&self, register: usize, operation: Operation) -> usize {
        let mut record = self.0.lock().expect("nobody panics while it holds this");
        let process = record.processes;
        record.processes += 1;
        record.registers.entry(register).or_default().push((process, Action::Call(operation)));
        record.open.insert(process, (register, operation));
        process
    }

    /// Notes how an operation ended.
    pub fn answer(&self, process: usize, operation: Operation) {
        let mut record = self.0.lock().expect("nobody panics while it holds this");
        let (register, _) = record.open.remove(&process).expect("it was asked for");
        record.registers.entry(register).or_default().push((process, Action::Response(operation)));
    }

    /// Notes that an operation did nothing.
    pub fn forget(&self, process: usize) {
        let mut record = self.0.lock().expect("nobody panics while it holds this");
        let (register, _) = record.open.remove(&process).expect("it was asked for");
        record.registers.entry(register).or_default().retain(|(other, _)| *other != process);
    }

    /// Judges the history up to now, whose registers hold these values at its end, and begins the next.
    /// Answers with the number of operations, and of those whose outcome nobody knows.
    pub fn judge_and_begin(&self, values: &[u64]) -> (usize, usize) {
        let mut record = self.0.lock().expect("nobody panics while it holds this");
        let Record { mut registers, open, mut processes } = std::mem::take(&mut *record);
        let mut operations = 0;
        for (register, value) in values.iter().enumerate() {
            let mut events = registers.remove(&register).unwrap_or_default();
            let process = processes;
            processes += 1;
            events.push((process, Action::Call(Operation::Read { value: *value })));
            events.push((process, Action::Response(Operation::Read { value: *value })));
            // What was never answered may take effect at any time behind its call, or never be seen.
            let unknown = open.iter().filter(|(_, (of, _))| *of == register);
            events.extend(unknown.map(|(process, (_, operation))| (*process, Action::Response(*operation))));
            operations += events.len() / 2;
            assert!(is_linearizable(events.clone()), "register {register} has no order: {events:#?}");
        }
        let unknown = open.len();
        for (register, value) in values.iter().enumerate() {
            let write = Operation::Write { value: *value };
            let events = [Action::Call(write), Action::Response(write)].map(|action| (record.processes, action));
            record.processes += 1;
            record.registers.insert(register, events.to_vec());
        }
        (operations, unknown)
    }
}

/// Processes are numbered anew, as the checker keeps room for every number.
fn is_linearizable(events: Events) -> bool {
    let mut numbers = BTreeMap::new();
    let events = events.into_iter().map(|(process, action)| {
        let next = numbers.len();
        (*numbers.entry(process).or_insert(next), action)
    });
    WGLChecker::<Register>::is_linearizable(History::from_actions(events.collect()))
}

#[test]
fn a_value_that_was_overwritten_must_not_be_read_again() {
    let operations = [Operation::Write { value: 1 }, Operation::Write { value: 2 }, Operation::Read { value: 1 }];
    let events = |count: usize| {
        let all = operations.iter().take(count).enumerate();
        all.flat_map(|(process, operation)| {
            [(process, Action::Call(*operation)), (process, Action::Response(*operation))]
        })
    };
    assert!(is_linearizable(events(2).collect()));
    assert!(!is_linearizable(events(3).collect()));
}

#[test]
fn a_condition_must_hold_or_fail_for_a_reason() {
    let done = |done| Operation::WriteIf { expected: 1, value: 2, done };
    let one =
        |operation: Operation, process| [(process, Action::Call(operation)), (process, Action::Response(operation))];
    let after_a_write = |operation| [one(Operation::Write { value: 1 }, 0), one(operation, 1)].concat();
    assert!(is_linearizable(after_a_write(done(Some(true)))));
    assert!(!is_linearizable(after_a_write(done(Some(false)))));
    assert!(is_linearizable(after_a_write(done(None))));
    assert!(!is_linearizable(one(done(Some(true)), 0).to_vec()));
}
