//! The rows of a file, and those that were refused.

use std::collections::{BTreeMap, HashMap};

use crate::Refused;
use crate::mapping::{Field, Mapping, Unusable};

/// The most bytes of a file.
pub const CSV_MAX: usize = 16 << 20;
/// The most rows of a file: no more transactions are read of one remittance.
pub const ROWS_MAX: usize = 50_000;
/// The most columns of a file.
const COLUMNS_MAX: usize = 512;
/// The most bytes of a row: a quote that is left open makes a row of all that follows.
const ROW_BYTES: usize = 64 << 10;

/// What is wrong with a row: the column, unless it is the whole row, and why.
pub(crate) type Fault = (Option<Field>, String);

/// A file whose columns are known.
#[derive(Debug)]
pub(crate) struct Sheet {
    mapping: Mapping,
    lines: Vec<csv::ByteRecord>,
    columns: usize,
    refused: BTreeMap<usize, Vec<Fault>>,
}

impl Sheet {
    /// Reads a file and finds its columns.
    pub(crate) fn read(bytes: &[u8], columns: &HashMap<String, String>) -> Result<Self, Unusable> {
        if bytes.len() > CSV_MAX {
            return Err(Unusable::file(format!("the file has more than {} MiB", CSV_MAX >> 20)));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        // Reading rows of any length from memory does not fail.
        let mut lines = reader.byte_records().filter_map(Result::ok);
        let Some(first) = lines.next() else {
            return Err(Unusable::file("the file is empty: begin with a row of headings"));
        };
        if first.len() > COLUMNS_MAX {
            let words = format!("the file has more than {COLUMNS_MAX} columns: leave some out");
            return Err(Unusable::file(words));
        }
        let headings: Result<Vec<String>, _> =
            first.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
        let Ok(headings) = headings else {
            return Err(Unusable::file("the headings are not UTF-8: save the file as that"));
        };
        let mapping = Mapping::of(columns, &headings)?;
        let lines: Vec<csv::ByteRecord> = lines.take(ROWS_MAX + 1).collect();
        match lines.len() {
            0 => Err(Unusable::file("no row stands below the headings")),
            count if count > ROWS_MAX => {
                let words = format!("the file has more than {ROWS_MAX} rows: split it");
                Err(Unusable::file(words))
            }
            _ => Ok(Self { mapping, lines, columns: headings.len(), refused: BTreeMap::new() }),
        }
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    /// A row, from 1, with what is wrong with it as a whole.
    pub(crate) fn line(&self, row: usize) -> Line<'_> {
        let record = row.checked_sub(1).and_then(|at| self.lines.get(at));
        Line { mapping: &self.mapping, record, columns: self.columns }
    }

    /// Refuses a row.
    pub(crate) fn refuse(&mut self, row: usize, faults: Vec<Fault>) {
        self.refused.entry(row).or_default().extend(faults);
    }

    /// What was refused: of a row its first fault, with the other columns that have some.
    pub(crate) fn refused(self) -> Vec<Refused> {
        let of = |(row, faults): (usize, Vec<Fault>)| {
            let mut faults = faults.into_iter();
            let (column, mut reason) = faults.next()?;
            let heading = |field| self.mapping.heading(field);
            let more: Vec<String> = faults
                .filter_map(|(field, _)| field.filter(|field| Some(*field) != column))
                .map(|field| format!("`{}`", heading(field)))
                .collect();
            if !more.is_empty() {
                reason = format!("{reason}; also at fault: {}", more.join(", "));
            }
            let column = column.map(heading).unwrap_or_default().to_owned();
            Some(Refused { row, column, reason })
        };
        self.refused.into_iter().filter_map(of).collect()
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'s> {
    mapping: &'s Mapping,
    record: Option<&'s csv::ByteRecord>,
    columns: usize,
}

impl Line<'_> {
    /// What is wrong with the row as a whole.
    pub(crate) fn fault(&self) -> Option<Fault> {
        let record = self.record?;
        if record.as_slice().len() > ROW_BYTES {
            let words =
                format!("is longer than {} KiB: a quote may be left open in it", ROW_BYTES >> 10);
            return Some((None, words));
        }
        if record.iter().all(<[u8]>::is_empty) {
            return Some((None, "is empty: remove it".to_owned()));
        }
        let cells = record.len();
        (cells != self.columns).then(|| {
            let columns = self.columns;
            let words = format!("has {cells} cells under {columns} headings: put text in quotes");
            (None, words)
        })
    }

    /// A cell; empty when the file has no such column.
    pub(crate) fn cell(&self, field: Field) -> Result<&str, &'static str> {
        let cell = self.mapping.place(field).and_then(|at| self.record?.get(at));
        std::str::from_utf8(cell.unwrap_or_default())
            .map_err(|_| "is not UTF-8: save the file as that")
    }
}
