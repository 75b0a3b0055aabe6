//! From DOT text to SVG or PNG, by Graphviz, which is a program of its own.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The most of Graphviz's complaints that is kept, in bytes.
const LONGEST_COMPLAINT: u64 = 4_096;

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Scalable, with links and tooltips.
    Svg,
    /// Pixels, for documents that take nothing else.
    Png,
    /// Where everything is, as JSON, for files that other programs draw.
    Layout,
}

/// Where Graphviz is and how far it may go.
#[derive(Debug, Clone)]
pub struct GraphvizSettings {
    /// The program; looked for in `PATH` if it has no folder.
    pub program: PathBuf,
    /// The longest it may take.
    pub timeout: Duration,
    /// The largest picture accepted, in bytes.
    pub largest_output: usize,
    /// The fineness of PNG, in dots per inch.
    pub dots_per_inch: u16,
}

impl Default for GraphvizSettings {
    fn default() -> Self {
        Self {
            program: PathBuf::from("dot"),
            timeout: Duration::from_secs(30),
            largest_output: 32 << 20,
            dots_per_inch: 96,
        }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The program is not there.
    #[error(
        "Graphviz ({program}) is not installed; DOT needs nothing. Windows: winget install Graphviz.Graphviz. \
         Debian, Ubuntu: apt install graphviz fonts-noto-cjk. macOS: brew install graphviz. \
         If it is installed elsewhere, name the program in the settings"
    )]
    NotInstalled {
        /// What was looked for.
        program: String,
    },
    /// It did not accept the text, or broke.
    #[error("Graphviz failed: {complaint}")]
    Failed {
        /// The beginning of what it said.
        complaint: String,
    },
    /// The picture is larger than allowed.
    #[error("the picture is larger than {limit} bytes; narrow the scope or ask for DOT")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It took longer than allowed.
    #[error("Graphviz took longer than {} s; narrow the scope or ask for DOT", limit.as_secs_f64())]
    TimedOut {
        /// The limit.
        limit: Duration,
    },
    /// The operating system refused.
    #[error("Graphviz could not be run: {0}")]
    Io(#[from] std::io::Error),
}

impl Format {
    fn argument(self) -> &'static str {
        match self {
            Self::Svg => "-Tsvg",
            Self::Png => "-Tpng",
            Self::Layout => "-Tjson0",
        }
    }
}

/// Draws DOT text. Blocks until the picture is there or the time is up; uses no shell and no file.
///
/// # Errors
/// [`RenderError`]; in every case the program has ended when this returns.
pub fn render(dot: &str, format: Format, settings: &GraphvizSettings) -> Result<Vec<u8>, RenderError> {
    let mut running = Running(start(format, settings)?);
    let deadline = Instant::now() + settings.timeout;
    let child = &mut running.0;
    feed(child, dot)?;
    let output = collect(child.stdout.take(), settings.largest_output as u64 + 1);
    let complaint = collect(child.stderr.take(), LONGEST_COMPLAINT);
    let timed_out = || RenderError::TimedOut { limit: settings.timeout };
    let output = output.recv_timeout(deadline.saturating_duration_since(Instant::now())).map_err(|_| timed_out())??;
    if output.len() > settings.largest_output {
        return Err(RenderError::TooLarge { limit: settings.largest_output });
    }
    let status = wait(child, deadline)?.ok_or_else(timed_out)?;
    if !status.success() || output.is_empty() {
        let text = complaint.recv_timeout(Duration::from_secs(1)).ok().and_then(Result::ok).unwrap_or_default();
        return Err(RenderError::Failed { complaint: String::from_utf8_lossy(&text).trim().to_owned() });
    }
    Ok(output)
}

/// A program that does not outlive its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(format: Format, settings: &GraphvizSettings) -> Result<Child, RenderError> {
    let mut command = Command::new(&settings.program);
    command.arg(format.argument());
    if format == Format::Png {
        command.arg(format!("-Gdpi={}", settings.dots_per_inch));
    }
    // Graphviz takes this as "you serve strangers" and opens no file that a text names.
    command.env("SERVER_NAME", "ezu").env_remove("GV_FILE_PATH");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => RenderError::NotInstalled { program: settings.program.display().to_string() },
        _ => RenderError::Io(error),
    })
}

/// Writes the text from a thread of its own: the program may answer before it has read all.
fn feed(child: &mut Child, dot: &str) -> Result<(), RenderError> {
    if let Some(mut stdin) = child.stdin.take() {
        let text = dot.to_owned();
        // A program that ends early closes the pipe; its exit status tells why.
        let write = move || drop(stdin.write_all(text.as_bytes()));
        std::thread::Builder::new().name("graphviz-in".into()).spawn(write)?;
    }
    Ok(())
}

/// Reads at most `limit` bytes in a thread of its own.
fn collect<R: Read + Send + 'static>(source: Option<R>, limit: u64) -> mpsc::Receiver<std::io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = source.map_or(Ok(0), |source| source.take(limit).read_to_end(&mut bytes));
        // Nobody listens any more after a timeout.
        let _ = sender.send(read.map(|_| bytes));
    });
    receiver
}

/// Waits for the end until the deadline.
fn wait(child: &mut Child, deadline: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
