use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use x12::Finding;
use x12::inspect::{Summary, summary_of};

use crate::Output;
use crate::output::{bar, watched};
use crate::words::{self, counted};

/// Prints what each file holds. All files are read; the first that cannot be opened fails the
/// command at its end.
pub(crate) fn inspect(files: &[PathBuf], as_json: bool) -> Result<()> {
    let (output, mut failure) = (Output, None);
    for path in files {
        match read(path).with_context(|| format!("cannot read {}", path.display())) {
            Ok(summary) => {
                let name = path.display().to_string();
                if as_json {
                    output.line(&object(&name, &summary).to_string())?;
                } else {
                    say(&output, &name, &summary)?;
                }
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(()), Err)
}

fn read(path: &Path) -> std::io::Result<Summary> {
    let file = File::open(path)?;
    let bar = bar(file.metadata()?.len(), "reading");
    let summary = summary_of(&mut watched(file, &bar));
    bar.finish_and_clear();
    summary
}

/// Whether everything comes out; nothing does where nothing was read.
fn balanced(summary: &Summary) -> bool {
    summary.balanced && summary.readable_transactions > 0
}

fn object(name: &str, summary: &Summary) -> Value {
    json!({
        "file": name,
        "transactions": summary.transactions,
        "claims": summary.claims,
        "service_lines": summary.service_lines,
        "adjustments": summary.adjustments,
        "remarks": summary.remarks,
        "claim_remarks": summary.claim_remarks,
        "provider_adjustments": summary.provider_adjustments,
        "reversals": summary.reversals,
        "balanced": balanced(summary),
        "findings": summary.findings.iter().map(finding).collect::<Vec<_>>(),
        "findings_total": summary.findings_total,
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.as_str(),
        "offset": finding.offset,
        "segment": finding.segment.to_string(),
        "message": finding.message(),
    })
}

fn say(output: &Output, name: &str, summary: &Summary) -> Result<()> {
    let balance = match (summary.readable_transactions, balanced(summary)) {
        (0, _) => "nothing to balance",
        (_, true) => "balanced",
        (_, false) => "does not balance",
    };
    output.line(&format!(
        "{name}: {}, {} of which {}, {}, {}, {} on lines and {} on claims, {}, {balance}",
        counted(summary.transactions, "transaction"),
        counted(summary.claims, "claim"),
        counted(summary.reversals, "reversal"),
        counted(summary.service_lines, "service line"),
        counted(summary.adjustments, "adjustment"),
        counted(summary.remarks, "remark"),
        summary.claim_remarks,
        counted(summary.provider_adjustments, "provider adjustment"),
    ))?;
    for found in &summary.findings {
        let (segment, code) = (found.segment.to_string(), found.code.as_str());
        let told = words::finding(found.offset, &segment, &found.message(), code);
        output.line(&format!("  {told}"))?;
    }
    let untold = summary.findings_total - summary.findings.len() as u64;
    if untold > 0 {
        output.line(&format!("  and {}", counted(untold, "more finding")))?;
    }
    Ok(())
}
