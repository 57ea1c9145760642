use std::collections::BTreeSet;

use prost_reflect::{
    DescriptorPool, DynamicMessage, ExtensionDescriptor, FieldDescriptor, MessageDescriptor,
    MethodDescriptor, Value,
};

use crate::FILE_DESCRIPTOR_SET;

/// The descriptor set and the options that the tests read from it.
struct Contracts {
    pool: DescriptorPool,
    rule: ExtensionDescriptor,
    phi: ExtensionDescriptor,
    record: ExtensionDescriptor,
}

impl Contracts {
    fn load() -> Self {
        let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the set decodes");
        let option = |name: &str| {
            let name = format!("overturn.access.v1.{name}");
            pool.get_extension_by_name(&name).expect("access.proto declares the option")
        };
        let (rule, phi, record) = (option("rule"), option("phi"), option("record"));
        Self { pool, rule, phi, record }
    }

    fn methods(&self) -> Vec<MethodDescriptor> {
        self.pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
    }

    fn rule_of(&self, method: &MethodDescriptor) -> Option<DynamicMessage> {
        let options = method.options();
        options
            .has_extension(&self.rule)
            .then(|| options.get_extension(&self.rule).as_message().cloned())
            .flatten()
    }

    fn marks(&self, field: &FieldDescriptor, option: &ExtensionDescriptor) -> bool {
        field.options().get_extension(option).as_ref() == &Value::Bool(true)
    }

    /// Messages with patient data that are reachable from `message` without a record above them.
    fn orphans(
        &self,
        message: &MessageDescriptor,
        seen: &mut BTreeSet<String>,
        found: &mut BTreeSet<String>,
    ) {
        let owned = message.fields().any(|field| self.marks(&field, &self.record));
        if owned || !seen.insert(message.full_name().to_owned()) {
            return;
        }
        for field in message.fields() {
            if self.marks(&field, &self.phi) {
                found.insert(field.full_name().to_owned());
            }
            if let Some(inner) = field.kind().as_message() {
                self.orphans(inner, seen, found);
            }
        }
    }
}

fn text(rule: &DynamicMessage, field: &str) -> String {
    let value = rule.get_field_by_name(field).expect("the rule has the field");
    value.as_str().expect("the field is text").to_owned()
}

fn snake(name: &str) -> String {
    let mut words = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[test]
fn every_method_carries_a_rule_that_says_how_it_is_recorded() {
    let contracts = Contracts::load();
    assert!(contracts.methods().len() > 100, "the five services are in the set");
    for method in contracts.methods() {
        let name = method.full_name();
        let rule = contracts.rule_of(&method).unwrap_or_else(|| panic!("{name} has no rule"));
        let audit = rule.get_field_by_name("audit").expect("a rule has an audit kind");
        assert_ne!(audit.as_enum_number(), Some(0), "{name} does not say how it is recorded");
    }
}

#[test]
fn a_permission_is_the_service_and_the_method() {
    let contracts = Contracts::load();
    for method in contracts.methods() {
        let package = method.parent_service().package_name().to_owned();
        let service = package.split('.').nth(1).expect("overturn.<service>.v1").to_owned();
        let rule = contracts.rule_of(&method).expect("every method has a rule");
        let expected = format!("{service}.{}", snake(method.name()));
        assert_eq!(text(&rule, "permission"), expected, "{}", method.full_name());
    }
}

#[test]
fn a_method_is_open_to_roles_or_to_everyone_never_to_both_or_none() {
    let contracts = Contracts::load();
    for method in contracts.methods() {
        let rule = contracts.rule_of(&method).expect("every method has a rule");
        let roles = rule.get_field_by_name("roles").expect("a rule has roles");
        let nobody = roles.as_list().expect("roles are a list").is_empty();
        let anonymous = rule.get_field_by_name("anonymous").expect("a rule has the field");
        assert_eq!(anonymous.as_bool(), Some(nobody), "{}", method.full_name());
    }
}

#[test]
fn only_tokens_keys_and_sign_in_are_open_without_a_token() {
    let contracts = Contracts::load();
    let open: BTreeSet<String> = contracts
        .methods()
        .iter()
        .filter(|method| {
            let rule = contracts.rule_of(method).expect("every method has a rule");
            rule.get_field_by_name("anonymous").is_some_and(|value| value.as_bool() == Some(true))
        })
        .map(|method| method.name().to_owned())
        .collect();
    let expected = ["FinishSignIn", "GetKeySet", "IssueToken", "RenewToken", "StartSignIn"];
    assert_eq!(open, expected.map(str::to_owned).into());
}

#[test]
fn returned_patient_data_always_names_the_record_it_belongs_to() {
    let contracts = Contracts::load();
    for method in contracts.methods() {
        let mut found = BTreeSet::new();
        contracts.orphans(&method.output(), &mut BTreeSet::new(), &mut found);
        assert!(found.is_empty(), "{} returns without a record: {found:?}", method.full_name());
    }
}

#[test]
fn a_record_is_named_by_one_text_field() {
    let contracts = Contracts::load();
    for message in contracts.pool.all_messages() {
        let fields: Vec<FieldDescriptor> =
            message.fields().filter(|field| contracts.marks(field, &contracts.record)).collect();
        assert!(fields.len() <= 1, "{} names two records", message.full_name());
        for field in fields {
            assert_eq!(field.kind(), prost_reflect::Kind::String, "{}", field.full_name());
        }
    }
}

#[test]
fn a_read_of_patient_data_is_recorded_as_one() {
    let contracts = Contracts::load();
    let kinds = contracts
        .pool
        .get_enum_by_name("overturn.access.v1.AuditKind")
        .expect("access.proto declares it");
    let none = kinds.get_value_by_name("AUDIT_KIND_NONE").expect("a value of the enum").number();
    for method in contracts.methods() {
        let mut returned = BTreeSet::new();
        let mut seen = BTreeSet::new();
        contracts.patient_data(&method.output(), &mut seen, &mut returned);
        let rule = contracts.rule_of(&method).expect("every method has a rule");
        let audit = rule.get_field_by_name("audit").expect("a rule has an audit kind");
        let silent = audit.as_enum_number() == Some(none);
        assert!(returned.is_empty() || !silent, "{}: {returned:?}", method.full_name());
    }
}

impl Contracts {
    fn patient_data(
        &self,
        message: &MessageDescriptor,
        seen: &mut BTreeSet<String>,
        found: &mut BTreeSet<String>,
    ) {
        if !seen.insert(message.full_name().to_owned()) {
            return;
        }
        for field in message.fields() {
            if self.marks(&field, &self.phi) {
                found.insert(field.full_name().to_owned());
            }
            if let Some(inner) = field.kind().as_message() {
                self.patient_data(inner, seen, found);
            }
        }
    }
}

#[test]
fn patient_data_and_credentials_are_not_printed() {
    let denial = crate::routing::v1::Denial {
        id: "record".to_owned(),
        patient_control_number: "CANARY".to_owned(),
        ..Default::default()
    };
    let printed = format!("{denial:?}");
    assert!(!printed.contains("CANARY"), "{printed}");
    assert!(printed.contains("patient_control_number: .."), "{printed}");
    assert!(printed.contains("record"), "{printed}");

    let chunk = crate::routing::v1::UploadRemittanceRequest {
        part: Some(crate::routing::v1::upload_remittance_request::Part::Chunk(b"CANARY".to_vec())),
    };
    let printed = format!("{chunk:?}");
    assert_eq!(printed, "UploadRemittanceRequest { part: .. }");

    let token = crate::identity::v1::IssueTokenResponse {
        access_token: "CANARY".to_owned(),
        ..Default::default()
    };
    assert!(!format!("{token:?}").contains("CANARY"));
}
