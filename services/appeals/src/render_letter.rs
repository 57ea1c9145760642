use std::collections::{BTreeMap, HashMap};

use contracts::appeals::v1::{RenderLetterRequest, RenderLetterResponse};
use domain::deadline::Path;
use domain::dictionary::Compiled;
use domain::dictionary::sections::AppealTemplate;
use domain_appeals::state::{Act, State};
use letters::job::{Job, Sheet};
use letters::{CannotRender, Text};
use originals::Kept;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use prost::Message;
use uuid::Uuid;

use crate::correspondence::{Correspondence, in_words};
use crate::face::id_in;
use crate::store::{self, Row, papers};
use crate::{Appeals, Error, acts, paper_face};

impl Appeals {
    /// Writes the letter of an appeal from a template of the active dictionary.
    ///
    /// # Errors
    /// When the appeal was sent, no template fits, something in it is not filled, the letter cannot
    /// be shown, or the database or the store fails.
    pub(crate) async fn render_letter(
        &self,
        caller: &Caller,
        request: RenderLetterRequest,
    ) -> Result<RenderLetterResponse, Error> {
        let template = ordered(&request.template, &request.blanks);
        let content = RenderLetterRequest { template, blanks: HashMap::new(), ..request.clone() };
        let once = Once::of(&request.request_id, &content)?;
        let appeal = id_in("appeal_id", &request.appeal_id)?;
        let row = self.row(caller, appeal).await?;
        if let Err(refused) = changed(row.state()?) {
            return self.recorded_or(caller, once, refused).await;
        }
        let (by, tried) = ((request.template.as_str(), &request.blanks), request.validate_only);
        let letter = self.letter_of(caller, &row, by, tried).await?;
        let version = row.version;
        if tried {
            let tx = self.database.begin(caller).await?;
            return keep(&tx, version, letter).await;
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { keep(tx, version, letter).await })
            })
            .await
    }

    /// The letter of an appeal by a template and what a person fills; its PDF is kept, unless it is
    /// only tried.
    pub(crate) async fn letter_of(
        &self,
        caller: &Caller,
        row: &Row,
        (named, blanks): (&str, &HashMap<String, String>),
        tried: bool,
    ) -> Result<papers::Letter, Error> {
        let compiled = self.peers.active(caller).await?;
        let (template, known) = self.known_of(caller, row, &compiled, named).await?;
        let mut violations = Violations::default();
        let blanks = known.filled(&template, blanks, &mut violations);
        violations.into_result()?;
        let text = written(&template, &known, &blanks)?;
        let zone = row.document()?.zone;
        let today = zone.day_of(self.database.clock().now());
        let sheet = known.sheet(&template, text, &blanks, today);
        let job = Job { letter: sheet, packet: None };
        let pages = self.typesetter.place().await?.typeset(&job, Vec::new()).await?;
        let kept = self.kept(caller, &pages.pdf, tried).await?;
        Ok(papers::Letter {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            appeal_id: row.id,
            template: template.slug.to_string(),
            revision: compiled.revision().to_string(),
            sheet: encoded(&job.letter),
            sha256: kept.sha256,
            object_path: kept.path,
            page_count: pages.count.into(),
            written_by: caller.actor().to_owned(),
            created_at: self.database.clock().now(),
        })
    }

    /// Keeps a PDF, or says where it would be kept.
    pub(crate) async fn kept(
        &self,
        caller: &Caller,
        pdf: &[u8],
        validate_only: bool,
    ) -> Result<Kept, Error> {
        let tenant = caller.tenant();
        let kept = self.originals.would_keep(tenant, pdf);
        if !validate_only {
            self.originals.put(tenant, pdf).await?;
        }
        Ok(kept)
    }

    pub(crate) async fn row(&self, caller: &Caller, id: Uuid) -> Result<Row, Fault> {
        let tx = self.database.read(caller).await?;
        store::find(&tx, id).await?.ok_or(Fault::NotFound)
    }

    /// The first answer to a request that came before, else a refusal: what was sent since cannot
    /// be changed, and a repeat is told what it was told.
    pub(crate) async fn recorded_or<R: Message + Default + 'static>(
        &self,
        caller: &Caller,
        once: Once,
        refused: Error,
    ) -> Result<R, Error> {
        self.database.mutate(caller, once, move |_| Box::pin(async move { Err(refused) })).await
    }

    /// The template that a request names, or the one that serves the appeal, and what is known.
    async fn known_of(
        &self,
        caller: &Caller,
        row: &Row,
        compiled: &Compiled,
        named: &str,
    ) -> Result<(AppealTemplate, Correspondence), Error> {
        let document = row.document()?;
        let denials = self.peers.denials(caller, &document.denial_ids).await?;
        let entry = denials
            .iter()
            .filter_map(|denial| denial.receipt.as_ref())
            .map(|receipt| receipt.entry.clone())
            .find(|entry| !entry.is_empty());
        let template = chosen(compiled, named, row.level()?, entry.as_deref())?;
        let revision = compiled.revision().to_string();
        let mut known = self.correspondence(caller, denials, &revision).await?;
        let fields = &mut known.fields;
        // Some sources have no words for a level but a name of their tables.
        let words = document.level_words.as_str();
        let level = if words.contains('_') { row.level()?.as_str() } else { words };
        fields.text("level", level.replace('_', " "));
        fields.text("template", template.slug.as_str());
        let today = document.zone.day_of(self.database.clock().now());
        fields.text("letter_date", in_words(today));
        if let Some(deadline) = document.window.deadline() {
            fields.text("deadline", in_words(deadline.last_day));
        }
        let titles = document.wanted.iter().map(|wanted| wanted.title.clone()).collect();
        fields.fill("exhibits", letters::Filled::List(titles));
        Ok((template, known))
    }
}

/// What makes two requests one. A map has no order of its own, so that its bytes differ each time.
pub(crate) fn ordered(template: &str, blanks: &HashMap<String, String>) -> String {
    let blanks: BTreeMap<&String, &String> = blanks.iter().collect();
    serde_json::json!([template, blanks]).to_string()
}

/// Where a change of the letter or the packet leads: what was signed is not what is sent now. An
/// expired appeal can still be filed late and stays as it is.
pub(crate) fn changed(state: State) -> Result<State, Error> {
    if state == State::Expired { Ok(state) } else { Ok(state.after(Act::Change)?) }
}

/// The template of this name; of none the entry's, where it is of this level, else one of the
/// level, for the entry's family before all others.
fn chosen(
    compiled: &Compiled,
    named: &str,
    level: Path,
    entry: Option<&str>,
) -> Result<AppealTemplate, Error> {
    let bundle = compiled.bundle();
    let templates = &bundle.appeal_templates;
    let mut violations = Violations::default();
    let found = if named.is_empty() {
        let meaning = bundle.entries.iter().find(|it| Some(it.slug.as_str()) == entry);
        let meaning = meaning.map(|it| &it.meaning);
        let of_level = || templates.iter().filter(|it| it.path == level);
        let of_entry = meaning.and_then(|it| it.template.as_ref());
        let category = meaning.map(|it| it.category);
        of_level()
            .find(|it| Some(&it.slug) == of_entry)
            .or_else(|| of_level().find(|it| category.is_some_and(|c| it.categories.contains(&c))))
            .or_else(|| of_level().find(|it| it.categories.is_empty()))
    } else {
        templates.iter().find(|it| it.slug.as_str() == named)
    };
    if found.is_none() {
        let words = if named.is_empty() {
            "must be named: no template of the active dictionary serves this level"
        } else {
            "is no template of the active dictionary"
        };
        violations.add("template", words);
    }
    violations.into_result()?;
    found.cloned().ok_or(Fault::Broken("a violation was lost").into())
}

/// The text of a letter, or what is missing for it, field by field.
fn written(
    template: &AppealTemplate,
    known: &Correspondence,
    blanks: &BTreeMap<String, String>,
) -> Result<Text, Error> {
    let undeclared = letters::undeclared(template);
    if !undeclared.is_empty() {
        return Err(Error::UndeclaredFields(undeclared.join(", ")));
    }
    letters::render(template, &known.fields, blanks).map_err(|refused| match refused {
        CannotRender::Unfilled(names) => {
            let mut violations = Violations::default();
            for name in names {
                let declared = template.blanks.iter().find(|blank| blank.name == name);
                let declared = declared.map(|blank| blank.words.as_str());
                let words = declared.or(letters::field(&name).map(|field| field.words));
                let words = words.unwrap_or_default();
                violations.add(format!("blanks.{name}"), format!("is required: {words}"));
            }
            violations.into_result().err().map_or_else(|| broken().into(), Error::from)
        }
        refused => Error::of_template(refused),
    })
}

fn broken() -> Fault {
    Fault::Broken("a violation was lost")
}

pub(crate) fn encoded(sheet: &Sheet) -> Vec<u8> {
    serde_json::to_vec(sheet).expect("plain values have a JSON form")
}

/// Keeps a letter as the one in force, unless the appeal changed while it was written.
pub(crate) async fn keep(
    tx: &TenantTx,
    version: i64,
    letter: papers::Letter,
) -> Result<RenderLetterResponse, Error> {
    let mut row = store::held(tx, letter.appeal_id).await?;
    if row.version != version {
        return Err(Fault::Contended.into());
    }
    row.state = changed(row.state()?)?.as_str().to_owned();
    let mut document = row.document()?;
    document.letter = Some(letter.id);
    document.template = format!("{}@{:.12}", letter.template, letter.revision);
    document.write_as(tx.caller().actor());
    // A packet holds the letter in force: what holds another one is none any more.
    document.packet = None;
    row.document = document.encoded();
    let letter = papers::keep_letter(tx, letter).await?;
    acts::told(tx, row, "appeal.letter_rendered", "").await?;
    Ok(RenderLetterResponse { letter: Some(paper_face::letter(letter)?) })
}
