use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use prost_reflect::{
    DescriptorPool, ExtensionDescriptor, FieldDescriptor, MessageDescriptor, MethodDescriptor,
    Value,
};

use super::{AuditKind, Role};

/// The reflection service's methods have no option of ours; everyone with a token may look.
const REFLECTION: [&str; 2] = [
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// Why the contracts cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The bytes are no descriptor set.
    #[error("the descriptor set cannot be read: {0}")]
    Descriptors(#[from] prost_reflect::DescriptorError),
    /// The options file is missing from it.
    #[error("the descriptor set lacks the option {0}")]
    Option(&'static str),
    /// A method's rule does not decode.
    #[error("the rule of {0} cannot be read")]
    Rule(String),
}

/// Who may call one method and how the call is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The permission, `<service>.<rpc_in_snake_case>`.
    pub permission: String,
    /// The roles that have it.
    pub roles: Vec<Role>,
    /// How a call is recorded.
    pub audit: AuditKind,
    /// Not empty: a later release builds the method, and this text says what it will do.
    pub planned: String,
    /// Callable without a token.
    pub anonymous: bool,
    /// Permissions whose scope opens the method to applications too.
    pub implied_by: Vec<String>,
}

impl Rule {
    /// Whether a token of an application with `scopes` opens the method.
    #[must_use]
    pub fn in_scope(&self, scopes: &[String]) -> bool {
        scopes.iter().any(|scope| *scope == self.permission || self.implied_by.contains(scope))
    }
}

/// One method of the contracts.
#[derive(Clone, Debug)]
pub struct Method {
    /// Its rule; a method without one is refused to everyone.
    pub rule: Option<Arc<Rule>>,
    /// Whether its answers can hold patient data, at any depth.
    pub discloses: bool,
    pub(super) streams_requests: bool,
    pub(super) streams_answers: bool,
    pub(super) output: Option<MessageDescriptor>,
}

impl Method {
    /// Whether either side streams.
    #[must_use]
    pub fn streams(&self) -> bool {
        self.streams_requests || self.streams_answers
    }
}

/// Every method's rule, read from the contracts once at start.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    methods: HashMap<String, Method>,
    phi: ExtensionDescriptor,
    record: ExtensionDescriptor,
    discloses: BTreeSet<String>,
}

impl Policy {
    /// Reads the rules of our own contracts.
    ///
    /// # Errors
    /// When the built-in descriptor set lacks an option or a rule is malformed.
    pub fn load() -> Result<Self, PolicyError> {
        let pool = DescriptorPool::decode(contracts::FILE_DESCRIPTOR_SET)?;
        let option = |name| pool.get_extension_by_name(name).ok_or(PolicyError::Option(name));
        let rule = option("overturn.access.v1.rule")?;
        let phi = option("overturn.access.v1.phi")?;
        let record = option("overturn.access.v1.record")?;
        let discloses = disclosing(&pool, &phi);
        let mut methods = HashMap::new();
        for service in pool.services() {
            for method in service.methods() {
                let output = method.output();
                let path = format!("/{}/{}", service.full_name(), method.name());
                methods.insert(
                    path,
                    Method {
                        rule: read_rule(&method, &rule)?.map(Arc::new),
                        discloses: discloses.contains(output.full_name()),
                        streams_requests: method.is_client_streaming(),
                        streams_answers: method.is_server_streaming(),
                        output: Some(output),
                    },
                );
            }
        }
        for path in REFLECTION {
            methods.insert(path.to_owned(), reflection());
        }
        Ok(Self(Arc::new(Inner { methods, phi, record, discloses })))
    }

    /// The method at `path`, which must be written exactly as `/package.Service/Method`.
    #[must_use]
    pub fn method(&self, path: &str) -> Option<&Method> {
        self.0.methods.get(path)
    }

    /// Every method by path, sorted: what the role x method matrix is made of.
    #[must_use]
    pub fn methods(&self) -> BTreeMap<&str, &Method> {
        self.0.methods.iter().map(|(path, method)| (path.as_str(), method)).collect()
    }

    pub(super) fn is_phi(&self, field: &FieldDescriptor) -> bool {
        is_set(field, &self.0.phi)
    }

    pub(super) fn is_record(&self, field: &FieldDescriptor) -> bool {
        is_set(field, &self.0.record)
    }

    pub(super) fn can_disclose(&self, message: &MessageDescriptor) -> bool {
        self.0.discloses.contains(message.full_name())
    }
}

fn is_set(field: &FieldDescriptor, option: &ExtensionDescriptor) -> bool {
    field.options().get_extension(option).as_ref() == &Value::Bool(true)
}

fn read_rule(
    method: &MethodDescriptor,
    option: &ExtensionDescriptor,
) -> Result<Option<Rule>, PolicyError> {
    let options = method.options();
    if !options.has_extension(option) {
        return Ok(None);
    }
    let broken = || PolicyError::Rule(method.full_name().to_owned());
    let value = options.get_extension(option).into_owned();
    let message = value.as_message().ok_or_else(broken)?;
    let rule: contracts::access::v1::Rule = message.transcode_to().map_err(|_| broken())?;
    let roles: Vec<Role> = rule.roles().filter(|role| *role != Role::Unspecified).collect();
    let audit = rule.audit();
    Ok(Some(Rule {
        permission: rule.permission,
        roles,
        audit,
        planned: rule.planned,
        anonymous: rule.anonymous,
        implied_by: rule.implied_by,
    }))
}

fn reflection() -> Method {
    let roles = (1..).map_while(|number| Role::try_from(number).ok()).collect();
    let rule = Rule {
        permission: "grpc.reflect".to_owned(),
        roles,
        audit: AuditKind::None,
        planned: String::new(),
        anonymous: false,
        implied_by: Vec::new(),
    };
    let rule = Some(Arc::new(rule));
    let (streams_requests, streams_answers) = (true, true);
    Method { rule, discloses: false, streams_requests, streams_answers, output: None }
}

/// The messages that can hold a patient data field at any depth.
fn disclosing(pool: &DescriptorPool, phi: &ExtensionDescriptor) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    // A fixed point: messages may contain one another in a circle.
    loop {
        let before = found.len();
        for message in pool.all_messages() {
            let holds = message.fields().any(|field| {
                let inner = field.kind();
                let inner = inner.as_message().map(MessageDescriptor::full_name);
                is_set(&field, phi) || inner.is_some_and(|inner| found.contains(inner))
            });
            if holds {
                found.insert(message.full_name().to_owned());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
