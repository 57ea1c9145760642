//! The remittance that pays what another one refused.

/// A later remittance of the same claims, every one of them paid in full: what explained less is
/// gone, and the segments are counted anew.
pub(crate) fn in_full(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).expect("the generator writes ASCII");
    let mut paid = String::with_capacity(text.len());
    let mut open = Transaction::default();
    for segment in text.split_terminator("~\n") {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements[0] {
            "ISA" | "GS" | "GE" | "IEA" => put(&mut paid, segment),
            "SE" => std::mem::take(&mut open).close(elements[2], &mut paid),
            _ => open.take(&elements),
        }
    }
    paid.into_bytes()
}

fn put(text: &mut String, segment: &str) {
    text.push_str(segment);
    text.push_str("~\n");
}

/// What is written of a transaction, but for its second segment, which states the payment.
#[derive(Default)]
struct Transaction {
    segments: Vec<String>,
    originator: String,
    paid_cents: i64,
}

impl Transaction {
    fn take(&mut self, elements: &[&str]) {
        let joined = match elements {
            ["BPR" | "CAS" | "LQ" | "AMT" | "PLB", ..] => return,
            ["TRN", one, trace, originator] => {
                (*originator).clone_into(&mut self.originator);
                format!("TRN*{one}*{trace}P*{originator}")
            }
            ["DTM", "405", _] => "DTM*405*20250730".to_owned(),
            ["CLP", number, status, charge, _, _, rest @ ..] => {
                self.paid_cents += cents(charge);
                format!("CLP*{number}*{status}*{charge}*{charge}**{}", rest.join("*"))
            }
            ["SVC", procedure, charge, _, rest @ ..] => {
                format!("SVC*{procedure}*{charge}*{charge}*{}", rest.join("*"))
            }
            others => others.join("*"),
        };
        self.segments.push(joined);
    }

    fn close(self, number: &str, text: &mut String) {
        let (paid, originator) = (self.paid_cents, self.originator);
        let paid = format!("{}.{:02}", paid / 100, paid % 100);
        let bank = "01*000000000*DA*0000000000";
        for (at, segment) in self.segments.iter().enumerate() {
            put(text, segment);
            if at == 0 {
                let payment =
                    format!("BPR*I*{paid}*C*ACH*CCP*{bank}*{originator}**{bank}*20250731");
                put(text, &payment);
            }
        }
        // With the payment and the end itself.
        put(text, &format!("SE*{}*{number}", self.segments.len() + 2));
    }
}

fn cents(dollars: &str) -> i64 {
    let (whole, part) = dollars.split_once('.').unwrap_or((dollars, ""));
    let number = |digits: &str| digits.parse::<i64>().expect("the generator writes amounts");
    number(whole) * 100 + number(&format!("{part:0<2}"))
}
