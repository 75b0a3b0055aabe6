//! The real service in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A process that is starting.
pub struct Starting(Child);

/// A service that answers.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Server {
    /// Starts the service on a folder, with checkpoints and segments so small that kills meet them often.
    pub fn spawn(data: &Path) -> Starting {
        let built = std::env::var_os("EZU_KILL_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_ezu").into());
        let mut command = Command::new(built);
        command.arg("serve").arg("--port").arg("0").arg("--data").arg(data);
        // Those of the test itself are no settings of the service.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("EZU_")) {
            command.env_remove(name);
        }
        command.env("EZU_LIMITS__CHECKPOINT_REVISIONS", "100").env("EZU_SERVER__WORKERS", "2").env("EZU_LOG", "error");
        let child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).stdin(Stdio::null()).spawn();
        Starting(child.expect("the service can be started"))
    }

    /// Kills it as `kill -9` does.
    pub fn kill(self) {
        Starting(self.child).kill();
    }
}

impl Starting {
    /// Waits until it says where it listens.
    pub fn started(mut self) -> Server {
        let mut line = String::new();
        let out = self.0.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("text");
        let address = line.split_whitespace().find(|word| word.starts_with("http://"));
        let base =
            address.unwrap_or_else(|| panic!("the service refused to start: {line:?}")).trim_end_matches("/docs/");
        Server { base: base.to_owned(), child: self.0 }
    }

    pub fn kill_while_starting(self, after: Duration) {
        std::thread::sleep(after);
        self.kill();
    }

    fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it ends");
    }
}
