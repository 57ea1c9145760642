use platform::rejection::Fault;

/// Why a call about claim context is refused.
pub type Error = Fault;
