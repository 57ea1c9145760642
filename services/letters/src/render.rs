//! A template becomes text: bounded in instructions, bytes and depth, with nothing to call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use domain::dictionary::sections::AppealTemplate;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Object, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, filters, tests};

use crate::check::Place;
use crate::fields::{FIELDS, Fields, Filled};

/// Instructions of one letter; one of ten pages takes less than 2,000.
const FUEL: u64 = 50_000;
/// Bytes of one letter.
const BYTES_MAX: usize = 1 << 20;

/// The text of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its heading.
    pub title: String,
    /// Its paragraphs; none is empty, and each may have several lines.
    pub paragraphs: Vec<String>,
}

impl Text {
    /// Title and paragraphs, an empty line between two.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = self.title.clone();
        for paragraph in &self.paragraphs {
            text.push_str("\n\n");
            text.push_str(paragraph);
        }
        text
    }
}

/// Why a template does not become text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotRender {
    /// It says something that cannot be done.
    #[error("{place}: {words}")]
    Broken {
        /// Where.
        place: Place,
        /// What, without any value of a field.
        words: String,
    },
    /// It takes more steps or bytes than a letter may.
    #[error("{place}: {words}")]
    TooMuch {
        /// Where.
        place: Place,
        /// More than what.
        words: String,
    },
    /// It prints fields that nothing fills, by name.
    #[error("nothing is known for {}", listed(.0))]
    Unfilled(Vec<String>),
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// The text of a letter.
///
/// # Errors
/// When the template cannot be rendered, or prints a field that nothing fills.
pub fn render(
    template: &AppealTemplate,
    fields: &Fields,
    blanks: &BTreeMap<String, String>,
) -> Result<Text, CannotRender> {
    let (text, unfilled) = write(template, fields, blanks, |_| String::new())?;
    if unfilled.is_empty() { Ok(text) } else { Err(CannotRender::Unfilled(unfilled)) }
}

/// The text of a letter, where `[name]` stands for what nothing fills.
///
/// # Errors
/// When the template cannot be rendered.
pub fn preview(
    template: &AppealTemplate,
    fields: &Fields,
    blanks: &BTreeMap<String, String>,
) -> Result<Text, CannotRender> {
    let (text, _) = write(template, fields, blanks, |name| format!("[{name}]"))?;
    Ok(text)
}

fn write(
    template: &AppealTemplate,
    fields: &Fields,
    blanks: &BTreeMap<String, String>,
    hole: fn(&str) -> String,
) -> Result<(Text, Vec<String>), CannotRender> {
    let printed = Arc::new(Mutex::new(BTreeSet::new()));
    let names = FIELDS.iter().map(|field| field.name);
    let declared = template.blanks.iter().map(|blank| blank.name.as_str());
    let context: BTreeMap<&str, Value> = names
        .chain(declared)
        .map(|name| {
            let given = blanks.get(name).filter(|given| !given.trim().is_empty());
            let value = match (given, fields.get(name)) {
                (Some(given), _) => Value::from(clean(given)),
                (None, Some(filled)) => value(filled),
                (None, None) => Value::from_object(Hole {
                    shown: hole(name),
                    name: name.to_owned(),
                    printed: printed.clone(),
                }),
            };
            (name, value)
        })
        .collect();
    let context = Value::from(context);
    let mut budget = Budget { fuel: FUEL, bytes: BYTES_MAX };
    let title = budget.spend(Place::Title, &template.title, &context)?;
    let mut paragraphs = Vec::new();
    for (at, source) in template.paragraphs.iter().enumerate() {
        let text = budget.spend(Place::Paragraph(at + 1), source, &context)?;
        // An empty line parts paragraphs; one that says nothing is left out.
        let mut parts: Vec<String> = vec![String::new()];
        for line in text.lines().map(str::trim_end) {
            match parts.last_mut() {
                Some(part) if !line.is_empty() => {
                    if !part.is_empty() {
                        part.push('\n');
                    }
                    part.push_str(line);
                }
                _ => parts.push(String::new()),
            }
        }
        paragraphs.extend(parts.into_iter().filter(|part| !part.trim().is_empty()));
    }
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = printed.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((Text { title, paragraphs }, printed.iter().cloned().collect()))
}

/// What a letter may still take.
struct Budget {
    fuel: u64,
    bytes: usize,
}

impl Budget {
    fn spend(
        &mut self,
        place: Place,
        source: &str,
        context: &Value,
    ) -> Result<String, CannotRender> {
        let broken = |words: String| CannotRender::Broken { place, words };
        let too_long = || {
            let words = format!("the letter has more than {BYTES_MAX} bytes");
            CannotRender::TooMuch { place, words }
        };
        if source.len() > self.bytes {
            return Err(too_long());
        }
        let mut environment = environment();
        environment.set_fuel(Some(self.fuel));
        let template = environment.template_from_str(source);
        let template = template.map_err(|error| broken(words(&error)))?;
        let mut out = Capped { bytes: Vec::new(), most: self.bytes };
        let done = template.render_captured_to(context.clone(), &mut out);
        let state = match done {
            Ok(state) => state,
            Err(_) if out.most == 0 => return Err(too_long()),
            Err(error) if error.kind() == ErrorKind::OutOfFuel => {
                return Err(CannotRender::TooMuch { place, words: words(&error) });
            }
            Err(error) => return Err(broken(words(&error))),
        };
        self.fuel = state.state().fuel_levels().map_or(0, |(_, left)| left);
        self.bytes -= out.bytes.len();
        String::from_utf8(out.bytes).map_err(|_| broken("it is no text".to_owned()))
    }
}

/// Keeps what is written, up to a number of bytes; `most` is 0 once there were more.
struct Capped {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.most = 0;
            return Err(io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Fields, conditions and loops; nothing to call, to include or to import.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(syntax());
    environment.add_filter("first", filters::first);
    environment.add_filter("join", filters::join);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("upper", filters::upper);
    environment.add_test("defined", tests::is_defined);
    environment
}

/// The standard syntax; a tag takes the end of its line with it.
fn syntax() -> SyntaxConfig {
    let built = SyntaxConfig::builder().trim_blocks(true).build();
    built.expect("only the handling of whitespace differs from the standard")
}

/// What is wrong, without any value: those are patient data.
pub(crate) fn words(error: &minijinja::Error) -> String {
    let line = error.line().map(|line| format!(" in line {line}")).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps"),
        ErrorKind::SyntaxError => {
            // Of the template's own words, so that they may be repeated.
            format!("it does not read: {}", error.detail().unwrap_or("a tag is not closed"))
        }
        ErrorKind::UndefinedError => "it uses what its row or list does not have".to_owned(),
        ErrorKind::UnknownFilter => "it uses a filter that letters do not have".to_owned(),
        ErrorKind::UnknownFunction => "it calls a function, and letters have none".to_owned(),
        ErrorKind::UnknownTest => "it uses a test that letters do not have".to_owned(),
        ErrorKind::UnknownMethod => "it calls a method, and letters have none".to_owned(),
        kind => format!("{kind}"),
    };
    format!("{what}{line}")
}

fn value(filled: &Filled) -> Value {
    match filled {
        Filled::Text(text) => Value::from(clean(text)),
        Filled::List(items) => items.iter().map(|item| Value::from(clean(item))).collect(),
        Filled::Rows(rows) => rows.iter().map(row).collect(),
    }
}

fn row(row: &BTreeMap<&'static str, String>) -> Value {
    let columns = row.iter().map(|(name, text)| (*name, Value::from(clean(text))));
    Value::from(columns.collect::<BTreeMap<_, _>>())
}

/// Words without control characters, which no page shows; lines stay lines.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    text.chars().filter(|character| *character == '\n' || !character.is_control()).collect()
}

/// A field that nothing fills: false where it is asked, noted where it is printed.
#[derive(Debug)]
struct Hole {
    name: String,
    shown: String,
    printed: Arc<Mutex<BTreeSet<String>>>,
}

impl Object for Hole {
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.insert(self.name.clone());
        f.write_str(&self.shown)
    }
}
