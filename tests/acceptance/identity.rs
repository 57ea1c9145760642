//! Coming aboard, and tokens.

mod issue_token;
mod onboarding;
