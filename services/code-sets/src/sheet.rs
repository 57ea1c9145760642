//! Rows of CSV, read strictly: whatever is wrong is noted with its line and column, all of it.

use platform::rejection::Violation;

/// Faults that are listed; they travel in trailers, which clients bound.
const LISTED_MAX: usize = 50;

/// What is wrong with a file.
#[derive(Debug, Default, thiserror::Error)]
pub struct BadRows {
    total: usize,
    listed: Vec<Violation>,
}

impl std::fmt::Display for BadRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults = if self.total == 1 { "fault" } else { "faults" };
        write!(f, "the file has {} {faults}, and nothing was imported", self.total)?;
        if self.total > LISTED_MAX {
            write!(f, "; the first {LISTED_MAX} are listed")?;
        }
        Ok(())
    }
}

impl BadRows {
    /// Notes a fault of a line, in a column unless it is empty.
    pub(crate) fn add(&mut self, line: u64, column: &str, words: impl Into<String>) {
        self.total += 1;
        if self.listed.len() < LISTED_MAX {
            let dot = if column.is_empty() { "" } else { "." };
            let field = format!("csv[{line}]{dot}{column}");
            self.listed.push(Violation { field, description: words.into() });
        }
    }

    /// Takes a success, or notes the error against a cell.
    pub(crate) fn check<T, E: std::fmt::Display>(
        &mut self,
        line: u64,
        column: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.add(line, column, error.to_string())).ok()
    }

    /// `Ok` while nothing was noted.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.total == 0 { Ok(()) } else { Err(self) }
    }

    /// The first faults.
    pub(crate) fn listed(&self) -> &[Violation] {
        &self.listed
    }
}

/// The columns a file may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
}

/// Columns and lines of a file.
#[derive(Debug)]
pub(crate) struct Sheet {
    columns: Vec<&'static str>,
    pub(crate) lines: Vec<Line>,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Line {
    /// The line it begins in, counted from 1.
    pub(crate) number: u64,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads a file; `None` when its header says nothing to go by. Rows that do not have as many
    /// cells as the header, or are not UTF-8, are noted and left out.
    pub(crate) fn read(bytes: &[u8], layout: Layout, bad: &mut BadRows) -> Option<Self> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut lines = lines(bytes, bad).into_iter();
        let Some(header) = lines.next() else {
            let columns = layout.required.join(",");
            bad.add(1, "", format!("the file is empty: begin with the header {columns}"));
            return None;
        };
        let columns = columns(&header, layout, bad)?;
        let mut sheet = Self { columns, lines: Vec::new() };
        for line in lines {
            let (cells, wanted) = (line.cells.len(), sheet.columns.len());
            if cells == wanted {
                sheet.lines.push(line);
            } else {
                let words = format!(
                    "has {cells} cells and the header {wanted}: put text with commas in quotes"
                );
                bad.add(line.number, "", words);
            }
        }
        if sheet.lines.is_empty() && bad.total == 0 {
            bad.add(header.number, "", "no row stands below the header");
        }
        Some(sheet)
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.contains(&column)
    }

    /// A cell; empty when the file has no such column.
    pub(crate) fn cell<'l>(&self, line: &'l Line, column: &str) -> &'l str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| line.cells.get(at)).map(String::as_str).unwrap_or_default()
    }
}

fn lines(bytes: &[u8], bad: &mut BadRows) -> Vec<Line> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let mut lines = Vec::new();
    for record in reader.byte_records() {
        // Reading from memory row by row of any length does not fail.
        let Ok(record) = record else { continue };
        let number = record.position().map_or(1, |position| {
            // A row begins after the blank lines before it, and is placed before them.
            let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            let blank = bytes.get(from..).unwrap_or_default().iter();
            let blank = blank.take_while(|byte| matches!(byte, b'\r' | b'\n'));
            position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
        });
        let cells: Result<Vec<String>, _> =
            record.iter().map(|cell| String::from_utf8(cell.to_vec())).collect();
        match cells {
            Ok(cells) => lines.push(Line { number, cells }),
            Err(_) => bad.add(number, "", "is not UTF-8: save the file in that encoding"),
        }
    }
    lines
}

/// The columns of a header; `None` unless every required one is there.
fn columns(header: &Line, layout: Layout, bad: &mut BadRows) -> Option<Vec<&'static str>> {
    let known = || layout.required.iter().chain(layout.optional).copied();
    let mut columns = Vec::new();
    let mut sound = true;
    let mut fault = |column: &str, words: String| {
        sound = false;
        bad.add(header.number, column, words);
    };
    for (at, cell) in (1..).zip(&header.cells) {
        match known().find(|column| column.eq_ignore_ascii_case(cell)) {
            None => {
                let known: Vec<&str> = known().collect();
                fault("", format!("column {at} is none of {}", known.join(", ")));
            }
            Some(column) if columns.contains(&column) => {
                fault(column, "stands twice in the header".to_owned());
            }
            Some(column) => columns.push(column),
        }
    }
    for column in layout.required {
        if !columns.contains(column) {
            fault(column, "is missing in the header".to_owned());
        }
    }
    sound.then_some(columns)
}

#[cfg(test)]
mod tests;
