//! Sorts of work.

use domain::words;

words! {
    /// What sort of work an item is.
    WorkKind {
        /// A denial on a remittance (835).
        Denial = "DENIAL",
        /// A claim rejected in front of adjudication (277CA): no payer decided, so no appeal.
        Rejection = "REJECTION",
        /// Paid less than expected.
        Underpayment = "UNDERPAYMENT",
        /// A payer that is silent past its usual time, or wants something.
        ClaimStatus = "CLAIM_STATUS",
        /// Follow-up of an open account.
        ArFollowUp = "AR_FOLLOW_UP",
        /// Something the dictionary leaves to a person.
        Exception = "EXCEPTION",
    }
}
