//! Letters of appeals: what a template may say, what fills it, and what a typesetter is asked for.
//!
//! Tenants write templates, so that they are judged and bounded here: `{{ field }}`, `{% if %}` and
//! `{% for %}` over a closed list of fields ([`FIELDS`]) and the blanks that the template declares,
//! with as many instructions and bytes as a letter needs and no more. What comes out is plain text;
//! it becomes pages elsewhere, as data of a layout that tenants cannot change ([`job`]).
//!
//! Absent: pages and fonts (`typesetting`), rows and peers (appeals), a clock, SQL.

mod check;
mod fields;
pub mod job;
mod render;

pub use check::{Place, Trouble, check, undeclared, used};
pub use fields::{DENIAL_COLUMNS, FIELDS, Field, Fields, Filled, field};
pub use render::{CannotRender, Text, preview, render};

#[cfg(test)]
mod tests;
