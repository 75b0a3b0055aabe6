//! The fence around the second copy: a thread of its own, a deadline for every answer, panics caught.
//!
//! A copy that failed is neither used nor dropped again: dropping a broken sled can wait for ever, so
//! its handle is forgotten and its thread left behind. What it held is in the journal.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use super::second_copy::{OpenSecondCopy, SecondCopy, SecondCopyError};

/// How long nobody must have asked for anything before work is done that can wait.
const PAUSE: Duration = Duration::from_millis(50);

/// What is said when the thread of the copy has ended without an answer.
const GONE: &str = "it panicked, or failed while nobody waited for it";

type Job = Box<dyn FnOnce(&mut dyn SecondCopy) -> bool + Send>;

enum Message {
    Do(Job),
    Close(Sender<()>),
}

/// The second copy behind its fence.
#[derive(Debug)]
pub(super) struct Fence {
    messages: Sender<Message>,
    deadline: Duration,
}

/// An answer that is being worked on.
#[derive(Debug)]
pub(super) struct Ticket<T> {
    answer: Receiver<Result<T, SecondCopyError>>,
    deadline: Duration,
}

impl<T> Ticket<T> {
    /// The answer if it is there already.
    pub fn poll(&self) -> Option<Result<T, SecondCopyError>> {
        match self.answer.try_recv() {
            Ok(answer) => Some(answer),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Err(SecondCopyError(GONE.to_owned()))),
        }
    }

    /// Waits for the answer, at most until the deadline. After an error the fence must be abandoned.
    pub fn wait(self) -> Result<T, SecondCopyError> {
        match self.answer.recv_timeout(self.deadline) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                Err(SecondCopyError(format!("it did not answer within {:?}", self.deadline)))
            }
            Err(RecvTimeoutError::Disconnected) => Err(SecondCopyError(GONE.to_owned())),
        }
    }
}

impl Fence {
    /// Puts a copy that is open already onto a thread of its own.
    pub fn around(
        copy: impl SecondCopy + Send + 'static,
        name: &str,
        deadline: Duration,
    ) -> Result<Self, SecondCopyError> {
        let (messages, inbox) = mpsc::channel();
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || serve(Box::new(copy), &inbox))
            .map_err(|error| SecondCopyError(format!("cannot start its thread: {error}")))?;
        Ok(Self { messages, deadline })
    }

    /// Opens the copy in `folder` on a thread of its own, and waits for it.
    pub fn open(kind: &Arc<dyn OpenSecondCopy>, folder: &Path, deadline: Duration) -> Result<Self, SecondCopyError> {
        let (fence, opened) = Self::begin_open(kind, folder, deadline)?;
        opened.wait()?;
        Ok(fence)
    }

    /// Begins to open the copy in `folder`. What is asked of the fence before the ticket was waited for
    /// is answered once the copy is open.
    pub fn begin_open(
        kind: &Arc<dyn OpenSecondCopy>,
        folder: &Path,
        deadline: Duration,
    ) -> Result<(Self, Ticket<()>), SecondCopyError> {
        let (messages, inbox) = mpsc::channel();
        let (opened, answer) = mpsc::channel();
        let kind = Arc::clone(kind);
        let folder = folder.to_path_buf();
        thread::Builder::new()
            .name("ezu-second-copy".to_owned())
            .spawn(move || open_and_serve(kind.as_ref(), &folder, &opened, &inbox))
            .map_err(|error| SecondCopyError(format!("cannot start its thread: {error}")))?;
        Ok((Self { messages, deadline }, Ticket { answer, deadline }))
    }

    /// Begins an operation on the copy's thread.
    pub fn begin<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut dyn SecondCopy) -> Result<T, SecondCopyError> + Send + 'static,
    ) -> Ticket<T> {
        let (sender, answer) = mpsc::channel();
        let job: Job = Box::new(move |copy| {
            let result = operation(copy);
            let usable = result.is_ok();
            // Nobody waits any more after a deadline; the answer is then of no use.
            drop(sender.send(result));
            usable
        });
        // When the thread is gone the job is dropped with its sender, and the ticket says so.
        drop(self.messages.send(Message::Do(job)));
        Ticket { answer, deadline: self.deadline }
    }

    /// Does an operation on the copy's thread and waits for it.
    pub fn call<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut dyn SecondCopy) -> Result<T, SecondCopyError> + Send + 'static,
    ) -> Result<T, SecondCopyError> {
        self.begin(operation).wait()
    }

    /// Drops the copy on its own thread. Returns whether that happened before the deadline.
    pub fn close(self) -> bool {
        let (sender, closed) = mpsc::channel();
        drop(self.messages.send(Message::Close(sender)));
        closed.recv_timeout(self.deadline).is_ok()
    }
}

fn open_and_serve(
    kind: &dyn OpenSecondCopy,
    folder: &Path,
    opened: &Sender<Result<(), SecondCopyError>>,
    inbox: &Receiver<Message>,
) {
    // After a panic the sender is dropped without an answer, and the ticket says so.
    let Ok(copy) = catch_unwind(AssertUnwindSafe(|| kind.open(folder))) else {
        return;
    };
    match copy {
        Err(error) => drop(opened.send(Err(error))),
        Ok(copy) if opened.send(Ok(())).is_ok() => serve(copy, inbox),
        Ok(copy) => std::mem::forget(copy),
    }
}

/// Works through the messages until the copy is closed, fails or panics.
fn serve(mut copy: Box<dyn SecondCopy>, inbox: &Receiver<Message>) {
    let mut pause = Some(PAUSE);
    loop {
        match next(inbox, pause) {
            Next::Asked(Message::Do(job)) => {
                let usable = catch_unwind(AssertUnwindSafe(|| job(copy.as_mut()))).unwrap_or(false);
                if !usable {
                    break;
                }
                match tidy(copy.as_mut(), false) {
                    Ok(more) => pause = more.then_some(PAUSE),
                    Err(GivenUp) => break,
                }
            }
            Next::Asked(Message::Close(closed)) => {
                let dropped = catch_unwind(AssertUnwindSafe(|| drop(copy)));
                if dropped.is_ok() {
                    let _ = closed.send(());
                }
                return;
            }
            Next::Quiet => match tidy(copy.as_mut(), true) {
                Ok(more) => pause = more.then_some(Duration::ZERO),
                Err(GivenUp) => break,
            },
            // The ledger gave this copy up.
            Next::Abandoned => break,
        }
    }
    std::mem::forget(copy);
}

/// What the thread is to do next.
enum Next {
    Asked(Message),
    /// Nobody asked for anything within the pause.
    Quiet,
    Abandoned,
}

/// Waits for a message; with a pause, for so long only.
fn next(inbox: &Receiver<Message>, pause: Option<Duration>) -> Next {
    let message = match pause {
        None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        Some(pause) => inbox.recv_timeout(pause),
    };
    match message {
        Ok(message) => Next::Asked(message),
        Err(RecvTimeoutError::Timeout) => Next::Quiet,
        Err(RecvTimeoutError::Disconnected) => Next::Abandoned,
    }
}

/// The copy failed while nobody waited for an answer. The next who asks finds nobody.
struct GivenUp;

fn tidy(copy: &mut dyn SecondCopy, idle: bool) -> Result<bool, GivenUp> {
    match catch_unwind(AssertUnwindSafe(|| copy.tidy(idle))) {
        Ok(Ok(more)) => Ok(more),
        Ok(Err(error)) => {
            tracing::error!(%error, "the second copy failed while it was tidied");
            Err(GivenUp)
        }
        Err(_) => Err(GivenUp),
    }
}
