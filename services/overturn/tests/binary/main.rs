//! The binary as people run it: its files, its words, its exit codes.

#![expect(clippy::unwrap_used, reason = "a test may unwrap")]

mod demo;
mod era;
mod onboarding;
mod people;
mod running;
mod typeset;
