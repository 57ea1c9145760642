use super::*;

fn rarc(text: &str) -> Option<Rarc> {
    Some(Rarc::new(text).unwrap())
}

#[test]
fn several_groups_are_several_combinations() {
    let mut bad = BadRows::default();
    let text = b"scenario,carc,rarc,group\n1,0016,m51,CO or PI\n3,96,,PR\n";
    let rows = read(text, &mut bad);
    assert!(bad.into_result().is_ok());
    let found: Vec<_> = rows
        .iter()
        .map(|(line, row)| {
            let rarc = row.rarc.map(String::from).unwrap_or_default();
            (*line, row.scenario, row.carc.as_str(), rarc, row.group.as_str())
        })
        .collect();
    let m51 = || "M51".to_owned();
    let expected =
        [(2, 1, "16", m51(), "CO"), (2, 1, "16", m51(), "PI"), (3, 3, "96", String::new(), "PR")];
    assert_eq!(found, expected);
}

#[test]
fn every_bad_cell_and_every_repetition_is_listed() {
    let mut bad = BadRows::default();
    let text = b"scenario,carc,rarc,group\n5,*,M-1,\n1,16,M51,CO\n1,16,M51,PR or CO\n1,16,M51,CO\n";
    assert_eq!(read(text, &mut bad).len(), 2);
    let fields: Vec<_> = bad.listed().iter().map(|fault| fault.field.as_str()).collect();
    let first = ["csv[2].scenario", "csv[2].carc", "csv[2].rarc", "csv[2].group"];
    assert_eq!(fields[..4], first);
    assert_eq!(fields[4..], ["csv[4]", "csv[5]"]);
    assert!(bad.listed()[5].description.contains("line 3"));
}

#[test]
fn a_combination_stands_in_the_table_or_not_and_a_code_outside_it_is_not_judged() {
    let row = |rarc: &str, group: &str| (rarc.to_owned(), group.to_owned());
    let rows = [row("M51", "CO"), row("N1", "PR")];
    assert_eq!(judge(&rows, true, rarc("M51"), Group::CO), Verdict::InTable);
    assert_eq!(judge(&rows, true, rarc("M51"), Group::PR), Verdict::NotInTable);
    assert_eq!(judge(&rows, true, rarc("N2"), Group::CO), Verdict::NotInTable);
    assert_eq!(judge(&rows, true, None, Group::CO), Verdict::NotInTable, "it needs a remark");
    assert_eq!(judge(&rows, false, None, Group::CO), Verdict::InTable);
    assert_eq!(judge(&rows, false, None, Group::OA), Verdict::NotInTable);
    assert_eq!(judge(&[row("", "CO")], true, None, Group::CO), Verdict::InTable);
    assert_eq!(judge(&[], false, rarc("M51"), Group::CO), Verdict::NotEvaluated);
}
