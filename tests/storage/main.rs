//! The storage room through its front door.

mod backup;
mod checkpoints;
mod contract;
mod damage;
mod faults;
mod formats;
mod model;
mod support;
mod tampering;
