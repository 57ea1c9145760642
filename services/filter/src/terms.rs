//! Reads the text of a filter, term by term.

use crate::{Op, Term};

const LENGTH_MAX: usize = 1_000;
const TERMS_MAX: usize = 10;

/// The terms of `text`, none for blank text; or what is wrong and at which character.
pub(crate) fn terms(text: &str) -> Result<Vec<Term>, String> {
    if text.len() > LENGTH_MAX {
        return Err(format!("is longer than {LENGTH_MAX} bytes"));
    }
    let mut reader = Reader { text, at: 0 };
    let mut terms = Vec::new();
    reader.blanks();
    while reader.at < text.len() {
        if terms.len() == TERMS_MAX {
            return Err(format!("has more than {TERMS_MAX} terms"));
        }
        if !terms.is_empty() {
            let joint = reader.word();
            if joint != "AND" {
                return Err(reader.complaint("expected AND"));
            }
            reader.blanks();
        }
        terms.push(reader.term()?);
        reader.blanks();
    }
    Ok(terms)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn complaint(&self, what: &str) -> String {
        format!("{what} at character {}", self.text[..self.at].chars().count() + 1)
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/');
        let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn term(&mut self) -> Result<Term, String> {
        // A value may hold a colon, a field name ends at it.
        let start = self.at;
        let field = self.word().split(':').next().unwrap_or_default();
        self.at = start + field.len();
        if field.is_empty() {
            return Err(self.complaint("expected a field name"));
        }
        self.blanks();
        let op = self.op()?;
        self.blanks();
        let value = if self.rest().starts_with('"') { self.quoted()? } else { self.bare()? };
        Ok(Term { field: field.to_owned(), op, value })
    }

    fn op(&mut self) -> Result<Op, String> {
        const OPS: [(&str, Op); 7] = [
            ("!=", Op::NotEqual),
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("=", Op::Equal),
            ("<", Op::Less),
            (">", Op::More),
            (":", Op::Has),
        ];
        let found = OPS.iter().find(|(sign, _)| self.rest().starts_with(sign));
        let (sign, op) = found.ok_or_else(|| self.complaint("expected one of = != < <= > >= :"))?;
        self.at += sign.len();
        Ok(*op)
    }

    fn bare(&mut self) -> Result<String, String> {
        let word = self.word();
        if word.is_empty() { Err(self.complaint("expected a value")) } else { Ok(word.to_owned()) }
    }

    fn quoted(&mut self) -> Result<String, String> {
        let opening = self.at;
        self.at += 1;
        let Some(length) = self.rest().find('"') else {
            self.at = opening;
            return Err(self.complaint("the quote is never closed that opens"));
        };
        let value = self.rest()[..length].to_owned();
        self.at += length + 1;
        Ok(value)
    }
}
