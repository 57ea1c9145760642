//! Claim status, line of business, network status and reasons of provider-level adjustments.

use crate::words::words;

words! {
    /// How the payer processed a claim (CLP02).
    ///
    /// None of them makes or excludes a denial: many payers send 4 for any denial, while X12 wants
    /// it only for an unknown patient (RFI 1423, 1079, 1885).
    ClaimStatus {
        /// Processed as primary; not a statement that anything was paid.
        Primary = "1",
        /// Processed as secondary.
        Secondary = "2",
        /// Processed as tertiary.
        Tertiary = "3",
        /// Denied.
        Denied = "4",
        /// Processed as primary and forwarded.
        PrimaryForwarded = "19",
        /// Processed as secondary and forwarded.
        SecondaryForwarded = "20",
        /// Processed as tertiary and forwarded.
        TertiaryForwarded = "21",
        /// Takes an earlier remittance of this claim back.
        Reversal = "22",
        /// Not this payer's claim; forwarded.
        NotOursForwarded = "23",
        /// Predetermination of pricing; nothing is paid.
        Predetermination = "25",
    }
}

words! {
    /// The kind of coverage; who is unknown is `None`, and takes the earliest candidate deadline.
    Lob {
        /// Original Medicare, Part A and B.
        MedicareFfs = "medicare_ffs",
        /// Medicare Advantage.
        MedicareAdvantage = "medicare_advantage",
        /// Medicaid; fee for service unless the payer directory says managed.
        Medicaid = "medicaid",
        /// Medicaid through a managed care organization; never stated on an 835.
        MedicaidManaged = "medicaid_managed",
        /// Commercial; insured unless the payer directory says self-funded.
        Commercial = "commercial",
        /// An employer's self-funded plan (ERISA); never stated on an 835.
        SelfFunded = "self_funded",
        /// Federal employees (FEHB).
        FederalEmployee = "federal_employee",
        /// Other federal programs.
        OtherFederal = "other_federal",
        /// TRICARE.
        Tricare = "tricare",
        /// Veterans Affairs.
        Va = "va",
        /// Workers' compensation, auto and liability.
        PropertyCasualty = "property_casualty",
    }
}

impl Lob {
    /// What the claim filing indicator (CLP06) says; `None` when it says nothing.
    ///
    /// MA is Medicare Part A, not Advantage. The payer directory, then claim context, override it.
    pub fn from_filing_indicator(code: &str) -> Option<Self> {
        match code.trim() {
            "MA" | "MB" => Some(Self::MedicareFfs),
            "16" => Some(Self::MedicareAdvantage),
            "MC" => Some(Self::Medicaid),
            "CH" => Some(Self::Tricare),
            "VA" => Some(Self::Va),
            "OF" => Some(Self::OtherFederal),
            "WC" | "AM" | "LM" => Some(Self::PropertyCasualty),
            "12" | "13" | "14" | "15" | "17" | "HM" => Some(Self::Commercial),
            _ => None,
        }
    }
}

words! {
    /// Whether the provider has a contract with the payer.
    Network {
        /// Contracted.
        InNetwork = "in_network",
        /// Not contracted.
        OutOfNetwork = "out_of_network",
    }
}

words! {
    /// Why a payment was changed for the provider rather than a claim (PLB03-1).
    PlbReason {
        /// Late charge.
        LateCharge = "50",
        /// Interest penalty charge.
        InterestPenaltyCharge = "51",
        /// Authorized return.
        AuthorizedReturn = "72",
        /// Early payment allowance.
        EarlyPaymentAllowance = "90",
        /// Origination fee.
        OriginationFee = "AH",
        /// Applied to borrower's account.
        AppliedToBorrowerAccount = "AM",
        /// Acceleration of benefits.
        AccelerationOfBenefits = "AP",
        /// Rebate.
        Rebate = "B2",
        /// Recovery allowance.
        RecoveryAllowance = "B3",
        /// Bad debt adjustment.
        BadDebtAdjustment = "BD",
        /// Bonus.
        Bonus = "BN",
        /// Temporary allowance.
        TemporaryAllowance = "C5",
        /// Capitation interest.
        CapitationInterest = "CR",
        /// Adjustment.
        Adjustment = "CS",
        /// Capitation payment.
        CapitationPayment = "CT",
        /// Capital passthru.
        CapitalPassthru = "CV",
        /// CRNA passthru.
        CrnaPassthru = "CW",
        /// Direct medical education passthru.
        DirectMedicalEducationPassthru = "DM",
        /// Withholding.
        Withholding = "E3",
        /// Forwarding balance.
        ForwardingBalance = "FB",
        /// Fund allocation.
        FundAllocation = "FC",
        /// Graduate medical education passthru.
        GraduateMedicalEducationPassthru = "GO",
        /// Hemophilia clotting factor supplement.
        HemophiliaClottingFactorSupplement = "HM",
        /// Incentive premium payment.
        IncentivePremiumPayment = "IP",
        /// IRS withholding.
        IrsWithholding = "IR",
        /// Interim settlement.
        InterimSettlement = "IS",
        /// Non-reimbursable.
        NonReimbursable = "J1",
        /// Penalty.
        Penalty = "L3",
        /// Interest owed.
        InterestOwed = "L6",
        /// Levy.
        Levy = "LE",
        /// Lump sum.
        LumpSum = "LS",
        /// Organ acquisition passthru.
        OrganAcquisitionPassthru = "OA",
        /// Offset for affiliated providers.
        OffsetForAffiliatedProviders = "OB",
        /// Periodic interim payment.
        PeriodicInterimPayment = "PI",
        /// Payment final.
        PaymentFinal = "PL",
        /// Retro-activity adjustment.
        RetroActivityAdjustment = "RA",
        /// Return on equity.
        ReturnOnEquity = "RE",
        /// Student loan repayment.
        StudentLoanRepayment = "SL",
        /// Third party liability.
        ThirdPartyLiability = "TL",
        /// Overpayment recovery.
        OverpaymentRecovery = "WO",
        /// Unspecified recovery.
        UnspecifiedRecovery = "WU",
    }
}
