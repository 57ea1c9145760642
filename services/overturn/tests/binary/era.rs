use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::running::{Folder, command, overturn};

/// One denied line, one code that only the payer knows, one payment of zero that nothing explains.
const ODD: &str = "ISA*00*          *00*          *ZZ*SYNTHPAYER     *ZZ*SYNTHPROVIDER  *250616*1200*^*\
00501*000000001*0*P*:~GS*HP*A*B*20250616*1200*1*X*005010X221A1~ST*835*0001~\
BPR*I*0*C*NON************20250616~TRN*1*T1*1990000001~N1*PR*SAMPLE PLAN~N1*PE*SAMPLE*XX*1234567893~\
LX*1~CLP*C1*1*100*0**12*P1~SVC*HC:99213*100*0~CAS*CO*16*100~LQ*HE*M76~\
CLP*C2*1*200*0**12*P2~SVC*HC:99213*200*0~CAS*CO*Q88*200~\
CLP*C3*1*60000*0**12*P3~SVC*HC:99213*60000*0~SE*17*0001~GE*1*1~IEA*1*000000001~";

fn said(folder: &Path, arguments: &[&str]) -> String {
    overturn(folder, arguments).ok().out
}

#[test]
fn findings_say_where_once_how_much_and_what_to_do() {
    let folder = Folder::new();
    folder.file("odd.835", ODD);
    let text = said(folder.path(), &["era", "inspect", "odd.835"]);
    let expected = "odd.835: 1 transaction, 3 claims of which 0 reversals, 3 service lines, \
                    2 adjustments, 1 remark on lines and 0 on claims, 0 provider adjustments, \
                    does not balance\n";
    assert!(text.starts_with(expected), "{text}");
    let unbalanced = text.lines().find(|line| line.contains("unbalanced claim")).unwrap();
    assert!(
        unbalanced.contains("in CLP: unbalanced claim: off by $60,000.00; the payer"),
        "{text}"
    );
    assert_eq!(unbalanced.matches("at byte").count(), 1, "{unbalanced}");
}

#[test]
fn what_holds_nothing_is_not_balanced() {
    let folder = Folder::new();
    folder.file("junk", "hello");
    folder.file("odd.835", ODD);
    let lines = said(folder.path(), &["era", "inspect", "--json", "junk", "odd.835"]);
    let objects: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&objects[0]["transactions"], &objects[0]["balanced"]), (&0.into(), &false.into()));
    assert_eq!(
        objects[1]["findings"][0]["message"].as_str().unwrap().matches("at byte").count(),
        0
    );
    let text = said(folder.path(), &["era", "inspect", "junk"]);
    assert!(text.contains("nothing to balance"), "{text}");
    let missing = overturn(folder.path(), &["era", "inspect", "junk", "none"]);
    assert!(!missing.status.success() && missing.out.starts_with("junk: "), "{missing:?}");
}

#[test]
fn denials_and_exceptions_name_their_owner() {
    let folder = Folder::new();
    folder.file("odd.835", ODD);
    let text = said(folder.path(), &["era", "denials", "odd.835"]);
    let lines: Vec<&str> = text.lines().collect();
    let [denial, unknown, zero] = lines[..] else { panic!("{text}") };
    assert!(
        denial.starts_with("claim C1 line 1: CO-16 + M76, $100.00 denied; billing, "),
        "{denial}"
    );
    let start = "claim C2 line 1: exception, unknown code CO-Q88, $200.00; exceptions: ";
    assert!(unknown.starts_with(start), "{unknown}");
    assert!(unknown.ends_with("; look at it within 5 business days"), "{unknown}");
    let start = "claim C3 line 1: exception, unexplained zero payment, $60,000.00; exceptions: ";
    assert!(zero.starts_with(start), "{zero}");
    let lines = said(folder.path(), &["era", "denials", "--json", "odd.835"]);
    let exception: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!(exception["owner_function"], "exceptions");
    assert_eq!((&exception["team"], &exception["code"]), (&"exceptions".into(), &"CO-Q88".into()));
}

#[test]
fn a_file_without_an_835_has_no_denials_to_list() {
    let folder = Folder::new();
    folder.file("status.277", &ODD.replace("ST*835*", "ST*277*"));
    folder.file("claims.837", &ODD.replace("ST*835*", "ST*837*"));
    folder.file("junk", "hello");
    for name in ["status.277", "claims.837", "junk"] {
        let ran = overturn(folder.path(), &["era", "denials", name]);
        assert!(!ran.status.success() && ran.err.contains("holds no 835"), "{name} {ran:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = Folder::new();
    let generate = ["era", "generate", "--claims", "20000", "--seed", "1"];
    let ran = overturn(folder.path(), &[&generate[..], &["--out", "large.835"]].concat()).ok();
    assert_eq!(ran.err, "", "no bar where no terminal is");
    for arguments in [&generate[..], &["era", "denials", "large.835"]] {
        let mut child = command(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Read a little, then close, as `head` does.
        child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?} {output:?}");
        assert_eq!(output.stderr, b"");
    }
}
