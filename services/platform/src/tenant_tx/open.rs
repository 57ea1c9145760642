//! Whether the current task holds a transaction: a call to a peer while one is open could wait for
//! itself (SQLite has one writer and peers run in this process), so debug builds refuse it.

#[cfg(debug_assertions)]
mod counted {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    static OPEN: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

    /// Counts one open transaction of the task that made it.
    pub(crate) struct Open(Option<String>);

    impl Open {
        pub(crate) fn here() -> Self {
            let task = tokio::task::try_id().map(|id| id.to_string());
            if let Some(task) = &task {
                let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
                *open.entry(task.clone()).or_default() += 1;
            }
            Self(task)
        }
    }

    impl Drop for Open {
        fn drop(&mut self) {
            let Some(task) = self.0.take() else { return };
            let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(count) = open.get_mut(&task) {
                *count -= 1;
                if *count == 0 {
                    open.remove(&task);
                }
            }
        }
    }

    /// Whether this task holds an open transaction; always false in release builds.
    #[must_use]
    pub fn open_here() -> bool {
        tokio::task::try_id().is_some_and(|id| {
            OPEN.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&id.to_string())
        })
    }
}

#[cfg(not(debug_assertions))]
mod counted {
    pub(crate) struct Open;

    impl Open {
        pub(crate) fn here() -> Self {
            Self
        }
    }

    /// Whether this task holds an open transaction; always false in release builds.
    #[must_use]
    pub fn open_here() -> bool {
        false
    }
}

pub(super) use counted::Open;
pub use counted::open_here;
