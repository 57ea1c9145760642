//! What the templates of letters say.

use domain::dictionary::Bundle;

use super::finding::{FindingCode, Findings, Item, listed};

/// Judges every template; what is wrong with one is one finding.
pub(super) fn check(bundle: &Bundle, findings: &mut Findings) {
    for template in &bundle.appeal_templates {
        let item = Item { section: "appeal_templates", slug: template.slug.as_str() };
        let troubles = letters::check(template);
        if !troubles.is_empty() {
            let words: Vec<String> = troubles.iter().map(ToString::to_string).collect();
            findings.block(FindingCode::UnknownBlank, item, listed(&words, 8));
        }
    }
}
