use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// After this many failures in a row the store is left alone.
const FAILURES_MAX: u32 = 3;
/// For how long.
const REST: Duration = Duration::from_secs(1);

/// Stops asking a store that fails, and tries it again one call at a time.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    resting_until: Option<Instant>,
}

impl Breaker {
    /// Whether the store may be asked now.
    pub(super) fn allows(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.resting_until {
            None => true,
            Some(until) if Instant::now() < until => false,
            Some(_) => {
                // This call tries it; the others wait for what it finds.
                state.resting_until = Some(Instant::now() + REST);
                true
            }
        }
    }

    /// Notes how a call went.
    pub(super) fn note(&self, succeeded: bool) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if succeeded {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES_MAX {
            state.resting_until = Some(Instant::now() + REST);
        }
    }
}
