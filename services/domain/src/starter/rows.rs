//! The embedded tables, read strictly: a row that does not parse is a bug of this crate.

use serde::Deserialize;
use serde::de::DeserializeOwned;

const CARC: &str = include_str!("../../data/carc.csv");
const RARC: &str = include_str!("../../data/rarc.csv");
const TAXONOMY: &str = include_str!("../../data/taxonomy.csv");
const SMALL_CODE_SETS: &str = include_str!("../../data/small_code_sets.csv");

/// A row of carc.csv.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CarcRow {
    pub(super) code: String,
    pub(super) start: String,
    pub(super) stop: String,
    pub(super) label: String,
    pub(super) remark_code_required: String,
    pub(super) group_codes_allowed: String,
}

/// A row of rarc.csv.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RarcRow {
    pub(super) code: String,
    pub(super) start: String,
    pub(super) stop: String,
    pub(super) label: String,
    pub(super) alert: String,
    pub(super) effect: String,
    pub(super) effect_note: String,
}

/// A row of taxonomy.csv.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaxonomyRow {
    pub(super) carc: String,
    pub(super) record_class: String,
    pub(super) category: String,
    pub(super) hardness: String,
    pub(super) preventable: String,
    pub(super) appealable: String,
    pub(super) primary_path: String,
    pub(super) owner_function: String,
    pub(super) upstream_process: String,
    pub(super) next_action: String,
    pub(super) evidence: String,
    pub(super) notes: String,
    pub(super) basis: String,
}

/// A row of small_code_sets.csv.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmallRow {
    pub(super) set: String,
    pub(super) code: String,
    pub(super) label: String,
}

pub(super) fn carcs() -> Vec<CarcRow> {
    read(CARC)
}

pub(super) fn rarcs() -> Vec<RarcRow> {
    read(RARC)
}

pub(super) fn taxonomy() -> Vec<TaxonomyRow> {
    read(TAXONOMY)
}

pub(super) fn small_code_sets() -> Vec<SmallRow> {
    read(SMALL_CODE_SETS)
}

fn read<Row: DeserializeOwned>(table: &str) -> Vec<Row> {
    csv::Reader::from_reader(table.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("the tables are part of the crate and its tests read every row")
}

impl TaxonomyRow {
    /// The documents named, one an item.
    pub(super) fn evidence_titles(&self) -> impl Iterator<Item = &str> {
        self.evidence.split(';').map(str::trim).filter(|title| !title.is_empty())
    }
}
