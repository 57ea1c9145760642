//! Checks on the code itself: sizes, names, places. Each says what to do about a finding.

mod names;
mod places;
mod sizes;
mod tree;

/// Fails with every finding, one a line.
fn none(findings: &[String], advice: &str) {
    assert!(findings.is_empty(), "{advice}\n{}", findings.join("\n"));
}
