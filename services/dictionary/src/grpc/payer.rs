use contracts::dictionary::v1 as pb;
use domain::codes::{Lob, Network};
use platform::rejection::{Fault, Violations};

use super::timestamp;
use super::words::{number, number_or_unspecified, word};
use registry::alias::Alias;
use registry::payers::{OwnedAlias, Payer};

/// The longest alias, in characters.
const ALIAS_LENGTH: usize = 200;

/// A payer with those of `aliases` that are its own.
pub(crate) fn payer(row: Payer, aliases: &[OwnedAlias]) -> Result<pb::Payer, Fault> {
    let own = aliases.iter().filter(|owned| owned.payer == row.id);
    let etag = payer_etag(&row);
    let line_of_business = stored(&row.line_of_business, Lob::parse)?;
    let network = stored(&row.network, Network::parse)?;
    Ok(pb::Payer {
        id: row.id.to_string(),
        aliases: own.map(|owned| alias_message(&owned.alias)).collect(),
        slug: row.slug,
        display_name: row.display_name,
        line_of_business: number_or_unspecified(line_of_business),
        network: number_or_unspecified(network),
        time_zone: row.time_zone,
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag,
    })
}

pub(crate) fn payer_etag(row: &Payer) -> String {
    format!("{:x}", row.version)
}

/// The word of a column that is empty when nothing is known.
fn stored<W>(word: &str, parse: fn(&str) -> Option<W>) -> Result<Option<W>, Fault> {
    if word.is_empty() {
        return Ok(None);
    }
    parse(word).map(Some).ok_or(Fault::Broken("a stored payer holds an unknown word"))
}

pub(crate) fn alias_message(alias: &Alias) -> pb::PayerAlias {
    pb::PayerAlias { kind: number(alias.kind), value: alias.value.clone() }
}

/// Reads an alias; what is wrong is noted against `field`.
pub(crate) fn alias(
    field: &str,
    message: pb::PayerAlias,
    violations: &mut Violations,
) -> Option<Alias> {
    let value_field = format!("{field}.value");
    let value = message.value.trim().to_owned();
    violations.text(&value_field, &value, ALIAS_LENGTH);
    let kind_field = format!("{field}.kind");
    if message.kind == 0 {
        violations.add(kind_field, "is required");
        return None;
    }
    let kind = word(&kind_field, message.kind, violations)?;
    (!value.is_empty()).then_some(Alias { kind, value })
}
