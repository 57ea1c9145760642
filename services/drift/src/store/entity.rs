//! The tables of outcomes, which dictionary owns; each row belongs to one tenant.

pub(crate) mod evidence;
pub(crate) mod outcome;
