//! Who comes aboard in the demo. Nobody here exists.

/// A hospital group of the demo.
#[derive(Debug)]
pub(crate) struct DemoGroup {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) time_zone: &'static str,
    pub(crate) state: &'static str,
    pub(crate) admin: &'static str,
    pub(crate) specialist: &'static str,
    pub(crate) facilities: &'static [DemoFacility],
    /// Claims a month.
    pub(crate) claims: u64,
    pub(crate) seed: u64,
}

/// A facility of the demo.
#[derive(Debug)]
pub(crate) struct DemoFacility {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) npi: &'static str,
    pub(crate) tax_id: &'static str,
    pub(crate) ccn: &'static str,
}

/// The two groups; the worklist printed is the first one's.
pub(crate) const GROUPS: [DemoGroup; 2] = [
    DemoGroup {
        slug: "lakeside",
        name: "Lakeside Health (demo)",
        time_zone: "America/Chicago",
        state: "WI",
        admin: "ada@lakeside.example",
        specialist: "dana@lakeside.example",
        facilities: &[
            DemoFacility {
                slug: "lakeside-general",
                name: "Lakeside General Hospital",
                npi: "1234567893",
                tax_id: "990000001",
                ccn: "520001",
            },
            DemoFacility {
                slug: "lakeside-north",
                name: "Lakeside North Clinic",
                npi: "1245319599",
                tax_id: "990000002",
                ccn: "520002",
            },
        ],
        claims: 500,
        seed: 11,
    },
    DemoGroup {
        slug: "harbor",
        name: "Harbor Hospitals (demo)",
        time_zone: "America/New_York",
        state: "MA",
        admin: "amos@harbor.example",
        specialist: "drew@harbor.example",
        facilities: &[DemoFacility {
            slug: "harbor-main",
            name: "Harbor Main Hospital",
            npi: "1497758544",
            tax_id: "990000003",
            ccn: "220001",
        }],
        claims: 300,
        seed: 23,
    },
];
