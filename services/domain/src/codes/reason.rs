//! Group, reason and remark codes: CAS01, CAS02 and LQ02/MIA/MOA of an 835.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::inline::{Inline, NotACode};

/// Who owes an adjusted amount (CAS01).
///
/// CR is a 4010 code that real files still carry; it is read, never written. Anything else is
/// kept as it came, because key rules must not mistake it for a known group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Group {
    /// Contractual obligation: the provider writes off.
    CO,
    /// Other adjustment: a duplicate, an earlier payer, pending.
    OA,
    /// Payer initiated, without a contract.
    PI,
    /// Patient responsibility.
    PR,
    /// Correction and reversal, of 4010.
    CR,
    /// A group that is in no code set.
    Other(OtherGroup),
}

/// A group code outside the code set: its first eight characters, uppercase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OtherGroup(Inline);

impl OtherGroup {
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Group {
    /// The groups a 5010 remittance may carry.
    pub const VALID: [Self; 4] = [Self::CO, Self::OA, Self::PI, Self::PR];

    /// Reads any text; never fails, because an unknown group is a fact to show, not to drop.
    pub fn from_raw(raw: &str) -> Self {
        let held = Inline::lossy(raw);
        match held.as_str() {
            "CO" => Self::CO,
            "OA" => Self::OA,
            "PI" => Self::PI,
            "PR" => Self::PR,
            "CR" => Self::CR,
            _ => Self::Other(OtherGroup(held)),
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::CO => "CO",
            Self::OA => "OA",
            Self::PI => "PI",
            Self::PR => "PR",
            Self::CR => "CR",
            Self::Other(other) => other.as_str(),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl TryFrom<String> for Group {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        Inline::normalized(&text, |_| 1).map(|_| Self::from_raw(&text))
    }
}

impl From<Group> for String {
    fn from(group: Group) -> Self {
        group.as_str().to_owned()
    }
}

/// Declares a code type over [`Inline`]: reading, writing, order and its string form in files.
macro_rules! code {
    ($(#[$meta:meta])* $name:ident, $digits_min:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Inline);

        impl $name {
            /// Reads a code as it stands in a file and normalizes it.
            pub fn new(raw: &str) -> Result<Self, NotACode> {
                Inline::normalized(raw, $digits_min).map(Self)
            }

            /// The normalized text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The code as one number, equal exactly when the codes are equal: a key for indexes.
            /// Its order is not the order of the codes.
            pub const fn bits(self) -> u64 {
                self.0.bits()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotACode;

            fn from_str(raw: &str) -> Result<Self, NotACode> {
                Self::new(raw)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotACode;

            fn try_from(text: String) -> Result<Self, NotACode> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }
    };
}

code!(
    /// A claim adjustment reason code (X12 code source 139): `16`, `A1`, `P12`.
    ///
    /// Payers send `0012` for 12; both are the same code. At most eight characters, so that a
    /// payer's proprietary code fits too.
    Carc,
    |_| 1
);

code!(
    /// A remittance advice remark code (X12 code source 411): `M15`, `MA01`, `N704`.
    ///
    /// The list writes MA codes with at least two digits and all others without leading zeros.
    Rarc,
    |prefix| if prefix.eq_ignore_ascii_case(b"MA") { 2 } else { 1 }
);
