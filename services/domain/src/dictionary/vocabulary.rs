//! The closed word lists of the dictionary; each value has one spelling in files and contracts.

pub use crate::codes::Network;
use crate::words::words;

words! {
    /// What an adjustment is in the books.
    RecordClass {
        /// The payer refused money we may get back.
        Denial = "denial",
        /// The contract or fee schedule took it.
        Contractual = "not_a_denial_contractual",
        /// The patient owes it.
        PatientResponsibility = "not_a_denial_patient_resp",
        /// It states something and takes nothing we could claim.
        Informational = "not_a_denial_informational",
        /// The payer has not decided; a reversal and correction must follow.
        Pending = "pending",
        /// The contract decides whether it is a denial.
        Context = "context",
    }
}

words! {
    /// The family of a denial; reports group by it.
    Category {
        /// Prior authorization or referral.
        AuthorizationReferral = "authorization_referral",
        /// Claim data other than codes.
        BillingData = "billing_data",
        /// Bundling and NCCI edits.
        BundlingNcci = "bundling_ncci",
        /// Coordination of benefits.
        Cob = "cob",
        /// Procedure, diagnosis and modifier codes.
        Coding = "coding",
        /// Contract and fee schedule.
        Contractual = "contractual",
        /// Records the payer asked for.
        Documentation = "documentation",
        /// The same service billed twice.
        Duplicate = "duplicate",
        /// Medical necessity.
        MedicalNecessity = "medical_necessity",
        /// The plan excludes the service.
        NonCoveredBenefit = "non_covered_benefit",
        /// Deductible, coinsurance, copayment and other patient shares.
        PatientResponsibility = "patient_responsibility",
        /// The payer has not finished.
        PayerDelay = "payer_delay",
        /// What an earlier payer did, or a statement only.
        PriorPayerOrInformational = "prior_payer_or_informational",
        /// Workers' compensation, auto and liability.
        PropertyCasualty = "property_casualty",
        /// Enrollment and credentials of the provider.
        ProviderEnrollment = "provider_enrollment",
        /// Coverage on the date of service.
        RegistrationEligibility = "registration_eligibility",
        /// The filing limit.
        TimelyFiling = "timely_filing",
    }
}

words! {
    /// Whether a correction is enough.
    Hardness {
        /// Fixable by correction or information, without an appeal.
        Soft = "soft",
        /// Needs an appeal or ends as a write-off.
        Hard = "hard",
        /// Not a denial.
        NotApplicable = "na",
    }
}

words! {
    /// A yes that may depend on the case.
    Likelihood {
        /// Always.
        Yes = "yes",
        /// Never.
        No = "no",
        /// Depends on the context.
        Conditional = "conditional",
    }
}

words! {
    /// The process in which a root cause lives.
    UpstreamProcess {
        /// Registration and eligibility.
        Registration = "registration",
        /// Prior authorization.
        PriorAuthorization = "prior_authorization",
        /// Coding.
        Coding = "coding",
        /// Clinical documentation.
        ClinicalDocumentation = "clinical_documentation",
        /// Claim edits before submission.
        ClaimEdits = "claim_edits",
        /// Provider enrollment.
        ProviderEnrollment = "provider_enrollment",
        /// Charge capture.
        ChargeCapture = "charge_capture",
        /// The payer's own handling.
        Payer = "payer",
        /// No process of ours or the payer's failed: the adjustment is expected.
        Expected = "expected",
    }
}

words! {
    /// Who acts; owner rules turn a function into a team.
    OwnerFunction {
        /// Written appeals other than clinical ones.
        Appeals = "appeals",
        /// Authorization and utilization review.
        Authorization = "authorization",
        /// Benefit limits and exclusions.
        Benefits = "benefits",
        /// Claim edits and corrections.
        Billing = "billing",
        /// Follow-up of billed claims.
        BillingFollowUp = "billing_follow_up",
        /// Charge capture integrity.
        ChargeIntegrity = "charge_integrity",
        /// Clinical appeals and peer-to-peer calls.
        ClinicalAppeals = "clinical_appeals",
        /// The department that gave the service.
        ClinicalDepartment = "clinical_department",
        /// Coordination of benefits.
        CoordinationOfBenefits = "coordination_of_benefits",
        /// Coding.
        Coding = "coding",
        /// Compliance.
        Compliance = "compliance",
        /// Payer contracts.
        Contracting = "contracting",
        /// Credentials and enrollment of providers.
        Enrollment = "enrollment",
        /// Combinations the dictionary does not know.
        Exceptions = "exceptions",
        /// Health information management: records.
        HealthInformation = "health_information",
        /// Patient access and eligibility.
        PatientAccess = "patient_access",
        /// Patient statements.
        PatientBilling = "patient_billing",
        /// Calls and status checks with the payer.
        PayerFollowUp = "payer_follow_up",
        /// Payment posting.
        PaymentPosting = "payment_posting",
        /// Pharmacy billing.
        Pharmacy = "pharmacy",
        /// Workers' compensation, auto and liability.
        WorkersCompensation = "workers_compensation",
    }
}

words! {
    /// The next thing to do with a denial.
    NextAction {
        /// File an appeal.
        Appeal = "appeal",
        /// Send a corrected claim (frequency 7).
        CorrectedClaim = "corrected_claim",
        /// Send a new claim: the old one was never adjudicated.
        NewClaim = "new_claim",
        /// Send the documents the payer asked for.
        SendDocuments = "send_documents",
        /// Bill another payer.
        RebillOtherPayer = "rebill_other_payer",
        /// Bill the patient.
        PatientBill = "patient_bill",
        /// Ask the payer.
        PayerInquiry = "payer_inquiry",
        /// Wait for the payer, with a date to look again.
        Wait = "wait",
        /// Write it off.
        WriteOff = "write_off",
        /// Close without further work.
        Close = "close",
        /// A person must decide: the dictionary does not know.
        ExceptionReview = "exception_review",
    }
}

words! {
    /// Whom an escalation step tells.
    EscalationLevel {
        /// The team lead.
        TeamLead = "team_lead",
        /// The manager.
        Manager = "manager",
        /// The director.
        Director = "director",
    }
}

words! {
    /// The form of the claim.
    ClaimType {
        /// CMS-1500 or 837P.
        Professional = "professional",
        /// UB-04 or 837I, inpatient.
        InstitutionalInpatient = "institutional_inpatient",
        /// UB-04 or 837I, outpatient.
        InstitutionalOutpatient = "institutional_outpatient",
        /// ADA form or 837D.
        Dental = "dental",
        /// Pharmacy.
        Pharmacy = "pharmacy",
    }
}

words! {
    /// What the authorization system knows of the claim.
    Authorization {
        /// Approved for this service.
        Approved = "approved",
        /// Approved, but not for this service, provider or date.
        Mismatched = "mismatched",
        /// Asked for and not answered.
        Requested = "requested",
        /// Refused.
        Refused = "refused",
        /// Not needed.
        NotRequired = "not_required",
        /// Needed and not asked for.
        Missing = "missing",
    }
}

words! {
    /// What the eligibility history says for the date of service.
    Eligibility {
        /// Covered by this payer.
        Active = "active",
        /// Not covered by this payer.
        Inactive = "inactive",
        /// Another payer is primary.
        OtherPayerPrimary = "other_payer_primary",
    }
}

words! {
    /// What proves that the claim was filed in time.
    FilingProof {
        /// The payer accepted it in time (277CA).
        AcceptedInTime = "accepted_in_time",
        /// It was sent in time; acceptance is not on record.
        SentInTime = "sent_in_time",
        /// It was rejected in front of adjudication.
        Rejected = "rejected",
        /// Nothing is on record.
        Absent = "absent",
    }
}

words! {
    /// The case an exception policy is about.
    ExceptionKind {
        /// A CARC the dictionary does not know.
        UnknownCode = "unknown_code",
        /// The CARC is known, this combination is not.
        UnmappedCombination = "unmapped_combination",
        /// Group CR: a 4010 code that a 5010 payer must not send.
        CorrectionGroup = "correction_group",
        /// A group code that is not in the code set.
        UnknownGroup = "unknown_group",
        /// Paid zero, and no adjustment explains it.
        UnexplainedZeroPayment = "unexplained_zero_payment",
        /// CARC 45 equal to the whole charge.
        WholeChargeContractual = "whole_charge_contractual",
        /// The contract must decide whether it is a denial.
        ContractReview = "contract_review",
        /// No owner rule names a team.
        MissingOwner = "missing_owner",
        /// A remittance names a payer that nobody here knows.
        UnknownPayer = "unknown_payer",
        /// A payer took money of a claim back, and no reversal says why.
        TakeBack = "take_back",
    }
}

words! {
    /// A review that an appeal needs before it is sent.
    SignOffKind {
        /// A clinician says that the medicine is right.
        Clinical = "clinical",
        /// Compliance says that it may be said.
        Compliance = "compliance",
        /// A lawyer says that the law is right.
        Legal = "legal",
    }
}

words! {
    /// What a document is by its content, as a media type.
    Media {
        /// PDF.
        Pdf = "application/pdf",
        /// TIFF, as fax machines make it.
        Tiff = "image/tiff",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG, as screenshots of portals are.
        Png = "image/png",
        /// Plain text.
        Text = "text/plain",
        /// XML, such as a clinical document (HL7 CDA).
        Xml = "application/xml",
        /// X12, such as a 277CA that proves timely filing (RFC 1767).
        X12 = "application/edi-x12",
    }
}

impl UpstreamProcess {
    /// Who owns the process; nobody where none failed. Our reasoning, as the starter's owners are;
    /// which team that is at a place, the owner rules say.
    pub fn owner(self) -> Option<OwnerFunction> {
        match self {
            Self::Registration => Some(OwnerFunction::PatientAccess),
            Self::PriorAuthorization => Some(OwnerFunction::Authorization),
            Self::Coding => Some(OwnerFunction::Coding),
            Self::ClinicalDocumentation => Some(OwnerFunction::HealthInformation),
            Self::ClaimEdits => Some(OwnerFunction::Billing),
            Self::ProviderEnrollment => Some(OwnerFunction::Enrollment),
            Self::ChargeCapture => Some(OwnerFunction::ChargeIntegrity),
            Self::Payer => Some(OwnerFunction::Contracting),
            Self::Expected => None,
        }
    }
}
