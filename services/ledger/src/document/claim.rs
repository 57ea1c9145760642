//! The content of a claim occurrence beyond its columns.

#![expect(missing_debug_implementations, reason = "what a document holds is a patient's")]

/// One part of a claim occurrence.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ClaimDocument {
    /// CLP01 as sent, when the column differs.
    #[prost(string, tag = "1")]
    pub number_raw: String,
    /// CLP07 as sent, when the column differs.
    #[prost(string, tag = "2")]
    pub payer_number_raw: String,
    /// CLP06.
    #[prost(string, tag = "3")]
    pub filing: String,
    /// CLP08.
    #[prost(string, tag = "4")]
    pub facility_code: String,
    /// CLP09.
    #[prost(string, tag = "5")]
    pub frequency: String,
    /// CLP11.
    #[prost(string, tag = "6")]
    pub drg: String,
    /// CAS of the claim itself.
    #[prost(message, repeated, tag = "7")]
    pub adjustments: Vec<AdjustmentDocument>,
    /// MIA and MOA.
    #[prost(message, repeated, tag = "8")]
    pub remarks: Vec<RemarkDocument>,
    /// REF, without member and record numbers.
    #[prost(message, repeated, tag = "9")]
    pub references: Vec<ReferenceDocument>,
    /// DTM.
    #[prost(message, repeated, tag = "10")]
    pub dates: Vec<DatedDocument>,
    /// AMT.
    #[prost(message, repeated, tag = "11")]
    pub amounts: Vec<AmountDocument>,
    /// QTY.
    #[prost(message, repeated, tag = "12")]
    pub quantities: Vec<QuantityDocument>,
    /// SVC, in the order sent.
    #[prost(message, repeated, tag = "13")]
    pub lines: Vec<LineDocument>,
    /// CLP03, CLP04 and CLP05 where they are no amounts, as sent.
    #[prost(string, repeated, tag = "14")]
    pub unreadable: Vec<String>,
}

/// One service line.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct LineDocument {
    /// Place in the occurrence, from 0, across parts.
    #[prost(uint64, tag = "1")]
    pub index: u64,
    /// Whether an earlier part began this line; its adjustments add to that one's.
    #[prost(bool, tag = "2")]
    pub continued: bool,
    /// Byte of the original at which its SVC begins.
    #[prost(uint64, tag = "3")]
    pub offset: u64,
    /// SVC01-1.
    #[prost(string, tag = "4")]
    pub procedure_kind: String,
    /// SVC01-2.
    #[prost(string, tag = "5")]
    pub procedure: String,
    /// SVC01-3 to 6.
    #[prost(string, repeated, tag = "6")]
    pub modifiers: Vec<String>,
    /// SVC04.
    #[prost(string, tag = "7")]
    pub revenue: String,
    /// SVC05.
    #[prost(string, tag = "8")]
    pub units: String,
    /// SVC06-2.
    #[prost(string, tag = "9")]
    pub submitted_procedure: String,
    /// SVC02; absent when it does not read.
    #[prost(sint64, optional, tag = "10")]
    pub charge_cents: Option<i64>,
    /// SVC03; absent when it does not read.
    #[prost(sint64, optional, tag = "11")]
    pub paid_cents: Option<i64>,
    /// CAS.
    #[prost(message, repeated, tag = "12")]
    pub adjustments: Vec<AdjustmentDocument>,
    /// LQ.
    #[prost(message, repeated, tag = "13")]
    pub remarks: Vec<RemarkDocument>,
    /// REF.
    #[prost(message, repeated, tag = "14")]
    pub references: Vec<ReferenceDocument>,
    /// DTM.
    #[prost(message, repeated, tag = "15")]
    pub dates: Vec<DatedDocument>,
    /// AMT.
    #[prost(message, repeated, tag = "16")]
    pub amounts: Vec<AmountDocument>,
    /// QTY.
    #[prost(message, repeated, tag = "17")]
    pub quantities: Vec<QuantityDocument>,
    /// Slug of the service line that recognized it; empty when none did.
    #[prost(string, tag = "18")]
    pub service_line: String,
    /// SVC02 and SVC03 where they are no amounts, as sent.
    #[prost(string, repeated, tag = "19")]
    pub unreadable: Vec<String>,
}

/// One triplet of a CAS.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct AdjustmentDocument {
    /// CAS01 as sent.
    #[prost(string, tag = "1")]
    pub group: String,
    /// The reason without leading zeros.
    #[prost(string, tag = "2")]
    pub reason: String,
    /// The reason as sent, when it differs.
    #[prost(string, tag = "3")]
    pub reason_raw: String,
    /// The amount; absent when it does not read.
    #[prost(sint64, optional, tag = "4")]
    pub amount_cents: Option<i64>,
    /// What stands there instead of an amount.
    #[prost(string, tag = "5")]
    pub unreadable: String,
    /// The quantity as sent.
    #[prost(string, tag = "6")]
    pub quantity: String,
}

/// One remark code.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RemarkDocument {
    /// The code without leading zeros.
    #[prost(string, tag = "1")]
    pub code: String,
    /// `HE`, `RX`, `MIA`, `MOA`, or empty for another list.
    #[prost(string, tag = "2")]
    pub list: String,
}

/// REF.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ReferenceDocument {
    /// REF01.
    #[prost(string, tag = "1")]
    pub qualifier: String,
    /// REF02.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// DTM.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct DatedDocument {
    /// DTM01.
    #[prost(string, tag = "1")]
    pub qualifier: String,
    /// As sent, `YYYYMMDD` as a rule.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// AMT.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct AmountDocument {
    /// AMT01.
    #[prost(string, tag = "1")]
    pub qualifier: String,
    /// AMT02; absent when it does not read.
    #[prost(sint64, optional, tag = "2")]
    pub cents: Option<i64>,
    /// What stands there instead of an amount.
    #[prost(string, tag = "3")]
    pub unreadable: String,
}

/// QTY.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct QuantityDocument {
    /// QTY01.
    #[prost(string, tag = "1")]
    pub qualifier: String,
    /// QTY02 as sent.
    #[prost(string, tag = "2")]
    pub value: String,
}
