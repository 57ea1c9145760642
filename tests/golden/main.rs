//! What a reviewer must see change: each test writes one file of `tests/golden/` anew and compares.
//!
//! `INSTA_UPDATE=always cargo test -p tests --test golden` accepts the new state; look at the diff.

mod access;
mod crates;
mod deploy;

/// Compares with `tests/golden/<name>.snap`.
macro_rules! golden {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ snapshot_path => "../golden", prepend_module_to_snapshot => false,
            omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        })
    };
}
pub(crate) use golden;
