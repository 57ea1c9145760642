//! Open denials of an existing system: CSV in, a remittance out.
//!
//! ```text
//! field                   column  a cell
//! patient_control_number  needed  the account as billed (CLP01)
//! payer                   needed  slug, id, name or any alias of a payer of the directory
//! facility                needed  slug, id, name, NPI or CCN of a facility
//! service_from            needed  a day
//! claim_charge            needed  an amount
//! group, carc             needed  CO, OA, PI or PR; the reason code
//! denied_amount           needed  an amount
//! remit_date              needed  the day of the denial: deadlines run from it
//! service_to              may be  a day; empty says `service_from`
//! payer_claim_number      may be  the payer's own number (CLP07)
//! rarcs                   may be  remark codes, separated by blanks or |
//! claim_paid              may be  what the payer paid of the claim, an amount: see below
//! procedure, modifiers    may be  of a line; up to four modifiers, separated by blanks or |
//! revenue_code            may be  of a line; four digits
//! line_charge             may be  an amount; empty says what the rows refuse of the line
//! line_number             may be  tells apart lines that were billed alike
//! member_id, patient_name may be  `LAST, FIRST` or one name
//! ```
//!
//! A day is `2026-06-10`, `20260610` or `6/10/2026`, a midnight behind it does no harm; an amount
//! is `1234.5`, `1,234.50` or `$1234.50`. Of a claim only what is said by one row may be left empty
//! by its others. A row with neither procedure nor revenue code is about the claim as a whole.
//!
//! **How rows become work.** The rows of one payer, account and day are one claim, and each claim
//! is written as one transaction of an 835 (`remittance`), which the intake reads as any other:
//! decisions, deadlines, cases, receipts and what later remittances settle are the same code. One
//! transaction a claim, because transactions are recognized by their content: whoever mends three
//! rows of a file and imports all of it again adds three claims. The order of rows and columns
//! does not matter, nor what the payer is called, for payers and facilities are named by their id
//! ([`name_by_id`]). For the same reason a claim is taken whole or not at all.
//!
//! **What an imported claim is not.** It is what the old system said, not what the payer sent, and
//! a later payment is measured against it. Give `claim_paid`: what was neither paid nor named by a
//! row is then a contractual reduction of the claim (`CO` 45), as it mostly is. Without it all that
//! no row names counts as paid, contractual shares too; what comes back later is understated by
//! them, and a payment below them would be no gain at all. Other adjustments may be given as rows
//! of their own: the dictionary says of each whether it is a denial. What was imported of a claim
//! as a whole is compared with later claims as a whole: give the lines where the payer refused
//! lines. A remittance that was imported and is uploaded too is two statements of one refusal, of
//! which the second repeats the first.
//!
//! Invariants: no bytes panic; no row stops the others; what is refused says where and why without
//! a word of its row; sums come out to the cent. Absent: the database, the clock and the callers.

mod account;
mod cell;
mod mapping;
mod parties;
mod remittance;
mod row;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;
use remitted::Context;

pub use mapping::{FAULTS_MAX, Field, Unusable};
pub use parties::name_by_id;
pub use sheet::{CSV_MAX, ROWS_MAX};

/// A file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Rows below the heading.
    pub rows: usize,
    /// The rows that were refused, in the order of the file.
    pub refused: Vec<Refused>,
    /// Claims of the rows that were not.
    pub claims: usize,
    /// These claims as an 835; empty when there is none.
    pub remittance: Vec<u8>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place, from 1 below the heading.
    pub row: usize,
    /// The heading of the column at fault; empty when it is the whole row.
    pub column: String,
    /// Why, without content of the row.
    pub reason: String,
}

/// Reads a file: `columns` has the heading of each field, `context` the payers and facilities,
/// named by [`name_by_id`] when the remittance is taken in. What came after `today` is refused.
///
/// # Errors
/// What is wrong with the mapping, or with the file as a whole.
pub fn read(
    csv: &[u8],
    columns: &HashMap<String, String>,
    context: &Context,
    today: NaiveDate,
) -> Result<Import, Unusable> {
    let mut sheet = sheet::Sheet::read(csv, columns)?;
    let accounts = account::gather(&mut sheet, context, today);
    Ok(Import {
        rows: sheet.count(),
        claims: accounts.len(),
        remittance: remittance::write(&accounts),
        refused: sheet.refused(),
    })
}
