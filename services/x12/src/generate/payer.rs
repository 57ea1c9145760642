//! Who pays, and what each denies.

/// A payer of generated files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerProfile {
    /// N102.
    pub name: String,
    /// N104 with XV, and REF*2U.
    pub id: String,
    /// TRN03: `1` and a tax id.
    pub originator: String,
    /// CLP06: 12 PPO, MB, MC, 16, ...
    pub filing: String,
    /// What it denies with; CO-16 when empty.
    pub denials: Vec<DenialMix>,
}

/// One way to deny.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenialMix {
    /// How often, against the sum of all weights.
    pub weight: u32,
    /// CAS01.
    pub group: String,
    /// CARC.
    pub reason: String,
    /// RARCs sent with it.
    pub remarks: Vec<String>,
}

impl DenialMix {
    /// One way to deny.
    pub fn new(weight: u32, group: &str, reason: &str, remarks: &[&str]) -> Self {
        Self {
            weight,
            group: group.to_owned(),
            reason: reason.to_owned(),
            remarks: remarks.iter().map(|&remark| remark.to_owned()).collect(),
        }
    }
}

fn payer(
    name: &str,
    id: &str,
    filing: &str,
    denials: &[(u32, &str, &str, &[&str])],
) -> PayerProfile {
    PayerProfile {
        name: name.to_owned(),
        id: id.to_owned(),
        originator: format!("19900{id}"),
        filing: filing.to_owned(),
        denials: denials
            .iter()
            .map(|&(weight, group, reason, remarks)| DenialMix::new(weight, group, reason, remarks))
            .collect(),
    }
}

/// Four invented payers of four lines of business, each with its own habits.
pub fn sample_payers() -> Vec<PayerProfile> {
    vec![
        payer(
            "SAMPLE COMMERCIAL PLAN",
            "60001",
            "12",
            &[
                (22, "CO", "197", &[]),
                (16, "CO", "16", &["M76"]),
                (12, "CO", "50", &["N115"]),
                (10, "CO", "252", &["N706"]),
                (9, "CO", "97", &["M15"]),
                (8, "CO", "29", &[]),
                (7, "PR", "27", &[]),
                (6, "CO", "22", &["N598"]),
                (5, "OA", "18", &[]),
                (5, "PR", "96", &["N130"]),
            ],
        ),
        payer(
            "SAMPLE MEDICARE CONTRACTOR",
            "60002",
            "MB",
            &[
                (20, "CO", "50", &["N115"]),
                (18, "CO", "16", &["MA130", "N290"]),
                (14, "CO", "97", &["N390"]),
                (12, "CO", "151", &["N362"]),
                (10, "CO", "109", &["N104"]),
                (8, "OA", "18", &["N522"]),
                (7, "CO", "236", &[]),
                (6, "PR", "96", &["N425"]),
                (5, "CO", "B7", &["N570"]),
            ],
        ),
        payer(
            "SAMPLE STATE MEDICAID",
            "60003",
            "MC",
            &[
                (20, "CO", "16", &["N329"]),
                (18, "CO", "22", &["N598"]),
                (15, "CO", "31", &[]),
                (12, "CO", "29", &["N30"]),
                (10, "CO", "B7", &["N570"]),
                (9, "CO", "197", &[]),
                (8, "CO", "11", &[]),
                (5, "CO", "251", &["N206"]),
            ],
        ),
        payer(
            "SAMPLE ADVANTAGE PLAN",
            "60004",
            "16",
            &[
                (24, "CO", "197", &["N54"]),
                (20, "CO", "50", &["N130"]),
                (12, "CO", "226", &["N705"]),
                (10, "CO", "4", &["N519"]),
                (9, "CO", "16", &["N382"]),
                (8, "PI", "198", &[]),
                (6, "CO", "29", &[]),
                (6, "OA", "23", &["N219"]),
            ],
        ),
    ]
}
