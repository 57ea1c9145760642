//! What the tests of this module share.

pub(in crate::reading) mod samples;
