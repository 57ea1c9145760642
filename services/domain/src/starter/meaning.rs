//! How the words of taxonomy.csv become the closed lists of the dictionary.

use crate::dictionary::vocabulary::{
    Category, Hardness, Likelihood, NextAction, OwnerFunction, UpstreamProcess,
};

/// The owner function behind a word of the table; the table's words are finer than a function.
pub(super) fn owner_function(word: &str) -> Option<OwnerFunction> {
    Some(match word {
        "appeals" => OwnerFunction::Appeals,
        "authorization_ur" => OwnerFunction::Authorization,
        "benefits_billing" => OwnerFunction::Benefits,
        "billing_claims_edit" => OwnerFunction::Billing,
        "billing_follow_up" => OwnerFunction::BillingFollowUp,
        "charge_integrity" => OwnerFunction::ChargeIntegrity,
        "clinical_appeals" => OwnerFunction::ClinicalAppeals,
        "clinical_department" => OwnerFunction::ClinicalDepartment,
        "cob_eligibility" => OwnerFunction::CoordinationOfBenefits,
        "coding" => OwnerFunction::Coding,
        "compliance_billing" => OwnerFunction::Compliance,
        "contracting_billing" => OwnerFunction::Contracting,
        "credentialing_enrollment" => OwnerFunction::Enrollment,
        "him_records" => OwnerFunction::HealthInformation,
        "patient_access_eligibility" => OwnerFunction::PatientAccess,
        "patient_billing" => OwnerFunction::PatientBilling,
        "payer_follow_up" => OwnerFunction::PayerFollowUp,
        "payment_posting" => OwnerFunction::PaymentPosting,
        "pharmacy_billing" => OwnerFunction::Pharmacy,
        "wc_auto_follow_up" => OwnerFunction::WorkersCompensation,
        _ => return None,
    })
}

/// The first step of a path of the table.
///
/// Where a path has two ends, the step is the one that must come first: a correction before an
/// appeal, a look at the original claim before a duplicate is closed, a write-off (which a
/// person confirms) when the payer and not the patient is liable.
pub(super) fn next_action(primary_path: &str) -> Option<NextAction> {
    Some(match primary_path {
        "appeal" | "appeal_with_proof" => NextAction::Appeal,
        "correct_resubmit" | "correct_resubmit_or_appeal" => NextAction::CorrectedClaim,
        "send_documents" => NextAction::SendDocuments,
        "rebill_other_payer" => NextAction::RebillOtherPayer,
        "patient_bill" => NextAction::PatientBill,
        "jurisdiction_dispute" | "close_or_correct" => NextAction::PayerInquiry,
        "follow_up" => NextAction::Wait,
        "write_off" | "write_off_contractual" | "patient_bill_or_write_off" => NextAction::WriteOff,
        "none" => NextAction::Close,
        _ => return None,
    })
}

/// Y, N and C of the table.
pub(super) fn likelihood(letter: &str) -> Option<Likelihood> {
    Some(match letter {
        "Y" => Likelihood::Yes,
        "N" => Likelihood::No,
        "C" => Likelihood::Conditional,
        _ => return None,
    })
}

/// The upstream process; a blank is an adjustment nobody did anything wrong for.
pub(super) fn process(word: &str) -> Option<UpstreamProcess> {
    if word.is_empty() { Some(UpstreamProcess::Expected) } else { UpstreamProcess::parse(word) }
}

/// The root cause in words.
pub(super) fn root_cause(category: Category) -> &'static str {
    match category {
        Category::AuthorizationReferral => {
            "no authorization or referral that fits the service was on the claim"
        }
        Category::BillingData => "the claim carried data that was missing or wrong",
        Category::BundlingNcci => "the service counts as part of another one on the claim",
        Category::Cob => "another payer is first in line or already has the claim",
        Category::Coding => "codes, modifiers or units do not fit the service, patient or place",
        Category::Contractual => "the contract or fee schedule sets the payment",
        Category::Documentation => "records the payer needs were missing, late or incomplete",
        Category::Duplicate => "the same service was billed before",
        Category::MedicalNecessity => "the record did not show the payer why the care was needed",
        Category::NonCoveredBenefit => "the plan excludes the service or its benefit is used up",
        Category::PatientResponsibility => "the plan leaves this share to the patient",
        Category::PayerDelay => "the payer has not finished or handled the claim wrongly",
        Category::PriorPayerOrInformational => "an earlier payer's decision is stated",
        Category::PropertyCasualty => "injury coverage follows rules of its own jurisdiction",
        Category::ProviderEnrollment => "the provider is not enrolled or certified as billed",
        Category::RegistrationEligibility => "coverage on file was wrong for the date of service",
        Category::TimelyFiling => "the claim or appeal reached the payer after its limit",
    }
}

/// Expected overturn in basis points, an assumption: recovery by tier, 90 percent billing and
/// coding, 75 registration and coordination of benefits, 25 complex clinical.
pub(super) fn expected_overturn_bps(category: Category) -> u16 {
    match category {
        Category::BillingData
        | Category::BundlingNcci
        | Category::Coding
        | Category::Documentation
        | Category::Duplicate => 9_000,
        Category::Cob
        | Category::PayerDelay
        | Category::PropertyCasualty
        | Category::ProviderEnrollment
        | Category::RegistrationEligibility => 7_500,
        Category::AuthorizationReferral
        | Category::Contractual
        | Category::MedicalNecessity
        | Category::NonCoveredBenefit
        | Category::TimelyFiling => 2_500,
        Category::PatientResponsibility | Category::PriorPayerOrInformational => 0,
    }
}

/// Minutes of work, an assumption: 15 for a correction, 60 for an appeal.
pub(super) fn effort_minutes(hardness: Hardness) -> u32 {
    match hardness {
        Hardness::Soft | Hardness::NotApplicable => 15,
        Hardness::Hard => 60,
    }
}

/// Days until the payer answers, an assumption: a month for a correction, two for an appeal.
pub(super) fn expected_days(hardness: Hardness) -> u32 {
    match hardness {
        Hardness::Soft | Hardness::NotApplicable => 30,
        Hardness::Hard => 60,
    }
}
