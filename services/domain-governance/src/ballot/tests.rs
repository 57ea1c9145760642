//! People are small numbers: 1 to 3 hold the seats, 11 and 12 stand in, 8 edits and 9 writes.

mod activating;
mod auditor;
mod auditor_finds;
mod checking;
mod committees;
mod dice;
mod drafting;
mod emergencies;
mod histories;
mod logging;
mod previewing;
mod rebasing;
mod requiring;
mod reviewing;
mod rolling_back;
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use domain::dictionary::{ContentHash, Slug};
use uuid::Uuid;

use super::*;

type Request = ChangeRequest<&'static str>;
type Board = Committee<&'static str>;

const CODING: &str = "coding";
const COMPLIANCE: &str = "compliance";
const FINANCE: &str = "finance";
const ENTRIES: &str = "entries";
const DEADLINES: &str = "deadline_rules";

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn change(number: u128) -> ChangeId {
    ChangeId(Uuid::from_u128(number))
}

fn hash(number: u8) -> ContentHash {
    ContentHash::from_bytes([number; 32])
}

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

/// An instant so many hours after the beginning, which is a midnight.
fn hour(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(hours)
}

fn seat(name: &str, holder: Option<u128>, delegate: Option<u128>) -> Seat {
    Seat {
        slug: slug(name),
        holder: holder.map(user),
        delegate: delegate.map(user),
        starts_on: hour(0).date_naive(),
        ends_on: None,
    }
}

fn policy(section: Option<&'static str>, required: &[&str], quorum: u32) -> Policy<&'static str> {
    Policy { section, required_seats: required.iter().map(|name| slug(name)).collect(), quorum }
}

fn board() -> Board {
    Committee {
        seats: vec![
            seat(CODING, Some(1), Some(11)),
            seat(COMPLIANCE, Some(2), Some(12)),
            seat(FINANCE, Some(3), None),
        ],
        policies: vec![
            policy(None, &[CODING], 2),
            policy(Some(DEADLINES), &[CODING, COMPLIANCE], 2),
        ],
    }
}

fn sitting(committee: &Board, hours: i64) -> Sitting<'_, &'static str> {
    Sitting { committee, at: hour(hours), today: hour(hours).date_naive() }
}

/// A draft of 9 on revision 1 that 8 edited to revision 2, in the entries.
fn draft() -> Request {
    let opened = Draft {
        id: change(1),
        author: user(9),
        reason: "payer changed its rule".to_owned(),
        base: hash(1),
    };
    Request::draft(opened).edit(user(8), hash(2), [ENTRIES].into()).unwrap()
}

fn check(request: &Request, kind: CheckKind, passed: bool) -> Check {
    let (base, result_hash) = (request.base, request.result_hash);
    Check { kind, base, result_hash, passed, short_history: false, finished_at: hour(0) }
}

/// The request with both checks passed on what it asks for.
fn proven(request: Request) -> Request {
    let checks = [CheckKind::Verify, CheckKind::Replay].map(|kind| check(&request, kind, true));
    checks.into_iter().fold(request, Request::record_check)
}

fn in_review() -> Request {
    proven(draft().submit().unwrap())
}

fn vote(request: &Request, by: u128, seat: &str, verdict: Verdict) -> Vote {
    Vote {
        id: Uuid::from_u128(1_000 + by),
        seat: slug(seat),
        by: user(by),
        verdict,
        reason: "read it".to_owned(),
        hash_read: request.result_hash,
    }
}

fn cast(request: &Request, by: u128, seat: &str, verdict: Verdict) -> Request {
    let committee = board();
    let vote = vote(request, by, seat, verdict);
    request.review(vote, &sitting(&committee, 1)).unwrap().request
}

fn approve(request: &Request, by: u128, seat: &str) -> Request {
    cast(request, by, seat, Verdict::Approve)
}

fn approved() -> Request {
    approve(&approve(&in_review(), 1, CODING), 3, FINANCE)
}

/// Revision 1 active since the beginning.
fn log() -> Activations {
    let event = Event { at: hour(0), act: Act::Started { hash: hash(1) } };
    Activations::read([event]).unwrap()
}

fn active(hours: i64) -> ActiveRevision {
    log().active_at(hour(hours)).unwrap()
}

fn unmet(request: &Request, committee: &Board) -> Vec<String> {
    let needed = request.requirements(committee, hour(1).date_naive());
    needed.into_iter().filter(|needed| !needed.met).map(|needed| needed.code).collect()
}
