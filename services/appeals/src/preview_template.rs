use std::collections::BTreeMap;

use contracts::appeals::v1::{PreviewTemplateRequest, PreviewTemplateResponse};
use domain::dictionary::sections::AppealTemplate;
use letters::job::Job;
use platform::access::Caller;
use platform::rejection::{Fault, Violations};

use crate::correspondence::in_words;
use crate::face::id_in;
use crate::{Appeals, Error};

/// The most bytes of a template.
const TEMPLATE_MAX: usize = 256 << 10;

impl Appeals {
    /// Renders a drafted template on a real denial; `[name]` stands for what a person fills.
    ///
    /// # Errors
    /// When the template is none or cannot be rendered, there is no such denial, or the letter
    /// cannot be shown.
    pub(crate) async fn preview_template(
        &self,
        caller: &Caller,
        request: PreviewTemplateRequest,
    ) -> Result<PreviewTemplateResponse, Error> {
        let template = template(&request.template_json)?;
        let denial = id_in("denial_id", &request.denial_id)?;
        let denials = self.peers.denials(caller, &[denial]).await?;
        let compiled = self.peers.active(caller).await?;
        let revision = compiled.revision().to_string();
        let mut known = self.correspondence(caller, denials, &revision).await?;
        let today = self.database.clock().now().date_naive();
        known.fields.text("template", template.slug.as_str());
        known.fields.text("letter_date", in_words(today));
        let undeclared_fields = letters::undeclared(&template);
        let mut answer = PreviewTemplateResponse {
            denial_id: denial.to_string(),
            undeclared_fields,
            ..PreviewTemplateResponse::default()
        };
        if !answer.undeclared_fields.is_empty() {
            return Ok(answer);
        }
        let none = BTreeMap::new();
        let text = letters::preview(&template, &known.fields, &none).map_err(Error::of_template)?;
        answer.text = text.plain();
        let letter = known.sheet(&template, text, &none, today);
        let place = self.typesetter.place().await?;
        answer.pdf = place.typeset(&Job { letter, packet: None }, Vec::new()).await?.pdf;
        Ok(answer)
    }
}

fn template(json: &str) -> Result<AppealTemplate, Error> {
    let mut violations = Violations::default();
    if json.is_empty() || json.len() > TEMPLATE_MAX {
        violations.add("template_json", format!("has 1 to {TEMPLATE_MAX} bytes"));
        violations.into_result()?;
        return Err(Fault::Broken("a violation was lost").into());
    }
    let parsed = serde_json::from_str(json);
    if let Err(error) = &parsed {
        violations.add("template_json", format!("is no template of the bundle's schema: {error}"));
    }
    violations.into_result()?;
    parsed.map_err(|_| Fault::Broken("a violation was lost").into())
}
