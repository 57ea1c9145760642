//! The tables of bases, which dictionary owns.

pub(crate) mod base;
pub(crate) mod base_content;
pub(crate) mod revision_base;
