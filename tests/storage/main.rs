//! The storage room through its front door.

mod backup;
mod contract;
mod damage;
mod faults;
mod formats;
mod model;
mod support;
mod tampering;
