use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use x12::Finding;
use x12::inspect::{Summary, summary_of};

use crate::Output;

/// Prints what each file holds. All files are read; the first that cannot be opened fails the
/// command at its end.
pub(crate) fn inspect(files: &[PathBuf], as_json: bool) -> Result<()> {
    let (output, mut failure) = (Output, None);
    for path in files {
        let summary = File::open(path)
            .and_then(|mut file| summary_of(&mut file))
            .with_context(|| format!("cannot read {}", path.display()));
        match summary {
            Ok(summary) => {
                let name = path.display().to_string();
                if as_json {
                    output.line(&object(&name, &summary).to_string())?;
                } else {
                    words(&output, &name, &summary)?;
                }
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(()), Err)
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
        "balanced": summary.balanced,
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

fn words(output: &Output, name: &str, summary: &Summary) -> Result<()> {
    let balance = if summary.balanced { "balanced" } else { "does not balance" };
    output.line(&format!(
        "{name}: {} transaction(s), {} claim(s) of which {} reversal(s), {} service line(s), \
         {} adjustment(s), {} line and {} claim remark(s), {} provider adjustment(s), {balance}",
        summary.transactions,
        summary.claims,
        summary.reversals,
        summary.service_lines,
        summary.adjustments,
        summary.remarks,
        summary.claim_remarks,
        summary.provider_adjustments,
    ))?;
    for found in &summary.findings {
        output.line(&format!(
            "  at byte {} in {}: {} ({})",
            found.offset,
            found.segment,
            found.message(),
            found.code.as_str()
        ))?;
    }
    let untold = summary.findings_total - summary.findings.len() as u64;
    if untold > 0 {
        output.line(&format!("  and {untold} more finding(s)"))?;
    }
    Ok(())
}
