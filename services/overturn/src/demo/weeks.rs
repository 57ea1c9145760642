//! What happens when nobody acts: the same data under a clock that is some weeks ahead.
//!
//! A copy lives those weeks, in a folder that is removed; the demo's own data does not.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use contracts::routing::v1::{ListTimelineRequest, ListWorkItemsRequest};
use platform::App;
use platform::clock::Clock;

use super::groups::DemoGroup;
use super::settings;
use crate::client::Clients;
use crate::token::sign;
use crate::words::counted;
use crate::{MOUNTS, Output};

/// The folder of the copy.
const COPY: &str = "weeks-ahead";
/// How far the clock is moved: the shortest window of the starter's payers is half over by then.
const DAYS: i64 = 60;
/// Items whose timelines are read.
const LOOKED_AT: i32 = 100;

/// Lives the weeks on a copy of the demo in `folder`, and prints what was told of one item.
pub(crate) async fn play(app: &App, folder: &Path, group: &DemoGroup) -> Result<()> {
    let copy = folder.join(COPY);
    if copy.exists() {
        std::fs::remove_dir_all(&copy).context("an earlier copy cannot be removed")?;
    }
    std::fs::create_dir(&copy).context("there is no place for a copy")?;
    // The database, what it has not taken in yet, and its key; the originals are not read again.
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let to = copy.join(entry.file_name());
            std::fs::copy(entry.path(), to).context("the data cannot be copied")?;
        }
    }
    let ahead = app.env().clock().now() + TimeDelta::days(DAYS);
    let settings = settings(&copy, "127.0.0.1:0")?;
    let mounts = MOUNTS.map(|(_, mount)| mount);
    let later = platform::run::assemble_at(settings, &mounts, Clock::manual(ahead)).await?;
    later.run_due().await?;
    let lead = format!("lee@{}.example", group.slug);
    let lead = Clients::new(later.wire(), &sign(&later, &lead).await?);
    told(&lead).await?;
    drop(later);
    std::fs::remove_dir_all(&copy).context("the copy cannot be removed")
}

/// Prints the first item that was escalated and not yet missed.
async fn told(lead: &Clients) -> Result<()> {
    let request = ListWorkItemsRequest {
        page_size: LOOKED_AT,
        filter: "state = \"OPEN\" AND kind = \"DENIAL\"".to_owned(),
        ..ListWorkItemsRequest::default()
    };
    let listed = lead.routing().list_work_items(request).await?.into_inner().work_items;
    let output = Output;
    let mut escalated = 0;
    let mut shown = None;
    for item in &listed {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
        let lines = lead.routing().list_timeline(request).await?.into_inner().timeline_items;
        let steps: Vec<String> = lines
            .into_iter()
            .filter(|line| line.r#type == "work_item.escalated")
            .map(|line| line.words)
            .collect();
        if steps.is_empty() {
            continue;
        }
        escalated += 1;
        shown.get_or_insert((item, steps));
    }
    let Some((item, steps)) = shown else { return Ok(()) };
    output.line(&format!(
        "If nobody acts: {DAYS} days on (on a copy, by a clock that was moved), {escalated} of {} \
         were escalated. Claim {}:",
        counted(i128::try_from(listed.len())?, "open item"),
        item.patient_control_number
    ))?;
    for step in steps.iter().rev() {
        output.line(&format!("     {step}"))?;
    }
    output.line("")?;
    Ok(())
}
