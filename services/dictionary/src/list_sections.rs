use contracts::dictionary::v1::{ListSectionsRequest, ListSectionsResponse, SectionKind};
use domain_governance::edit::{Item, items};
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::{Fault, Violations};

use crate::compiled::RevisionName;
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Lists the items of one section of a revision, by slug.
    pub(crate) async fn sections(
        &self,
        caller: &Caller,
        request: ListSectionsRequest,
    ) -> Result<ListSectionsResponse, Error> {
        let name = RevisionName::read("revision", &request.revision)?;
        let terms = filter::read(&request.filter, known)?;
        let mut violations = Violations::default();
        if request.kind() == SectionKind::Unspecified {
            violations.add("kind", "is required");
        }
        violations.into_result()?;
        let kind =
            grpc::section_kind(request.kind()).ok_or(Fault::Broken("a section without a name"))?;
        let ready = self.ready(caller, &name).await?;
        let bundle = ready.compiled.bundle();
        let hash = ready.compiled.revision().to_string();
        let pager = Pager::new(&self.keys, caller, &[&hash, kind.as_str(), &request.filter]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let rows = items(bundle, kind)
            .into_iter()
            .filter(|item| after.as_deref().is_none_or(|after| item.slug() > after))
            .filter(|item| terms.iter().all(|term| holds(term, *item)))
            .take(page::one_too_far(size))
            .collect();
        let page = page::cut(rows, size, &pager, |item| item.slug().as_bytes().to_vec());
        let sections = page.rows.into_iter().map(grpc::section);
        Ok(ListSectionsResponse { sections: sections.collect(), next_page_token: page.next })
    }
}

fn known(term: &Term) -> Result<Term, String> {
    if !["slug", "carc", "category", "owner_function"].contains(&term.field.as_str()) {
        return Err("the fields are `slug`, `carc`, `category` and `owner_function`".to_owned());
    }
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    Ok(term.clone())
}

/// Whether an item has the value; a field that its section does not have never holds.
fn holds(term: &Term, item: Item<'_>) -> bool {
    let Item::Entry(entry) = item else {
        return match (term.field.as_str(), item) {
            ("slug", _) => item.slug() == term.value,
            ("owner_function", Item::OwnerRule(rule)) => {
                rule.owner_function.as_str().eq_ignore_ascii_case(&term.value)
            }
            _ => false,
        };
    };
    match term.field.as_str() {
        "slug" => entry.slug.as_str() == term.value,
        "carc" => entry.matches.carc.values().iter().any(|carc| carc.as_str() == term.value),
        "category" => entry.meaning.category.as_str().eq_ignore_ascii_case(&term.value),
        _ => entry.meaning.owner_function.as_str().eq_ignore_ascii_case(&term.value),
    }
}
