//! A part of the space of denials: what one match accepts, cut down.

use std::collections::{BTreeMap, BTreeSet};

use super::space::{FIELDS, Field, OTHER, Remarks, Shape};

/// What a match accepts, less what was cut off: fields held to one cell, remarks decided.
#[derive(Clone, Debug)]
pub(super) struct Region<'s> {
    pub(super) base: &'s Shape,
    pub(super) fixed: [Option<u32>; FIELDS],
    /// Remarks that stand on every denial of the region, and those that stand on none.
    pub(super) remarks: BTreeMap<u32, bool>,
}

/// Whether remarks decide that a match accepts a region.
#[derive(Debug)]
pub(super) enum Fit {
    /// No denial of the region is accepted.
    Never,
    /// Every denial is.
    Always,
    /// Every denial is, but those with the remarks decided so.
    Unless(Vec<(u32, bool)>),
    /// It depends on these remarks, each with the decision that speaks against acceptance.
    Depends(Vec<(u32, bool)>),
}

impl<'s> Region<'s> {
    pub(super) fn of(base: &'s Shape) -> Self {
        let decided =
            |codes: &'s [u32], stands: bool| codes.iter().map(move |code| (*code, stands));
        let remarks = &base.remarks;
        Self {
            base,
            fixed: [None; FIELDS],
            remarks: decided(&remarks.all, true).chain(decided(&remarks.none, false)).collect(),
        }
    }

    pub(super) fn with(mut self, field: usize, cell: u32) -> Self {
        self.fixed[field] = Some(cell);
        self
    }

    /// Some denial that both matches accept.
    pub(super) fn shared(base: &'s Shape, other: &Shape) -> Option<Self> {
        let mut shared = Self::of(base);
        for (field, wanted) in other.fields.iter().enumerate() {
            let cell = base.fields[field].meet(wanted)?;
            shared.fixed[field] = Some(cell).filter(|cell| *cell != OTHER);
        }
        let theirs = &other.remarks;
        shared.remarks.extend(theirs.all.iter().map(|code| (*code, true)));
        shared.remarks.extend(theirs.none.iter().map(|code| (*code, false)));
        for any in [&theirs.any, &base.remarks.any] {
            let stands = |code: &&u32| shared.remarks.get(code) != Some(&false);
            let chosen = any.iter().find(stands).copied();
            shared.remarks.extend(chosen.map(|code| (code, true)));
        }
        Some(shared)
    }

    /// A cell of the field.
    pub(super) fn cell(&self, field: usize) -> u32 {
        let base = &self.base.fields[field];
        self.fixed[field].or_else(|| base.meet(&Field::Any)).unwrap_or(OTHER)
    }

    /// The remarks of one denial of the region.
    pub(super) fn standing(&self) -> Vec<u32> {
        let stands = self.remarks.iter().filter(|(_, stands)| **stands);
        let mut standing: Vec<u32> = stands.map(|(code, _)| *code).collect();
        standing.extend(self.choice().first());
        standing
    }

    /// Whether the field of a match accepts the whole region.
    pub(super) fn within(&self, shape: &Shape, field: usize) -> bool {
        match self.fixed[field] {
            Some(cell) => shape.fields[field].admits(cell),
            None => shape.fields[field].contains(&self.base.fields[field]),
        }
    }

    /// Whether a match that overlaps the base still accepts something.
    pub(super) fn touches(&self, shape: &Shape) -> bool {
        let admitted = |field: usize| self.fixed[field].is_none() || self.within(shape, field);
        (0..FIELDS).all(admitted) && !matches!(self.fit(&shape.remarks), Fit::Never)
    }

    /// The undecided remarks of which the base wants one, unless one stands already.
    fn choice(&self) -> Vec<u32> {
        let any = &self.base.remarks.any;
        if any.iter().any(|code| self.remarks.get(code) == Some(&true)) {
            return Vec::new();
        }
        any.iter().copied().filter(|code| !self.remarks.contains_key(code)).collect()
    }

    /// Decides the last remark of a choice; false when the region holds no denial.
    pub(super) fn settle(&mut self) -> bool {
        let any = &self.base.remarks.any;
        if any.is_empty() || any.iter().any(|code| self.remarks.get(code) == Some(&true)) {
            return true;
        }
        let choice = self.choice();
        if let [last] = choice[..] {
            self.remarks.insert(last, true);
        }
        !choice.is_empty()
    }

    /// Decides a remark; false when it was decided the other way.
    pub(super) fn decide(&mut self, code: u32, stands: bool) -> bool {
        *self.remarks.entry(code).or_insert(stands) == stands
    }

    pub(super) fn fit(&self, wanted: &Remarks) -> Fit {
        let is = |code: &u32, stands: bool| self.remarks.get(code) == Some(&stands);
        let open = |code: &&u32| !self.remarks.contains_key(code);
        if wanted.all.iter().any(|code| is(code, false))
            || wanted.none.iter().any(|code| is(code, true))
        {
            return Fit::Never;
        }
        let all = wanted.all.iter().filter(open).map(|code| (*code, false));
        let none = wanted.none.iter().filter(open).map(|code| (*code, true));
        let mut against: Vec<(u32, bool)> = all.chain(none).collect();
        let mut conditions = against.len();
        if !wanted.any.is_empty() && !wanted.any.iter().any(|code| is(code, true)) {
            let reachable: Vec<_> = wanted.any.iter().filter(open).collect();
            if reachable.is_empty() {
                return Fit::Never;
            }
            let choice = self.choice();
            if choice.is_empty() || !choice.iter().all(|code| wanted.any.contains(code)) {
                conditions += 1;
                against.extend(reachable.into_iter().map(|code| (*code, false)));
            }
        }
        match conditions {
            0 => Fit::Always,
            1 => Fit::Unless(against),
            _ => Fit::Depends(against),
        }
    }

    /// Gives up parts of the region that are no harder to cover than what stays: a field holds to
    /// a cell that no match asks for, a remark that matches only want, or only bar, is decided
    /// against them. Tells whether anything was given up.
    pub(super) fn narrow(&mut self, candidates: &[&Shape]) -> bool {
        let mut narrowed = false;
        for field in 0..FIELDS {
            let asking = self.asking(field, candidates);
            if let Some(cell) = left_over(&self.base.fields[field], &asking) {
                self.fixed[field] = Some(cell);
                narrowed = true;
            }
        }
        let mut against: BTreeMap<u32, BTreeSet<bool>> = BTreeMap::new();
        for (code, decision) in candidates.iter().flat_map(|shape| self.undecided(shape)) {
            against.entry(code).or_default().insert(decision);
        }
        let choice = self.choice();
        for (code, decisions) in against {
            let one_way = decisions.len() == 1;
            let stands = decisions.contains(&true);
            if one_way && (stands || !choice.contains(&code)) {
                self.remarks.insert(code, stands);
                narrowed = true;
            }
        }
        narrowed
    }

    /// The fields of the matches that take only a part of this one.
    pub(super) fn asking<'c>(&self, field: usize, candidates: &[&'c Shape]) -> Vec<&'c Field> {
        let partly = candidates.iter().filter(|shape| !self.within(shape, field));
        partly.map(|shape| &shape.fields[field]).collect()
    }

    /// The remarks on which a match depends, each with the decision against it.
    pub(super) fn undecided(&self, shape: &Shape) -> Vec<(u32, bool)> {
        match self.fit(&shape.remarks) {
            Fit::Never | Fit::Always => Vec::new(),
            Fit::Unless(against) | Fit::Depends(against) => against,
        }
    }
}

/// A cell that none of the fields accepts, when there are fields and such a cell.
fn left_over(base: &Field, asking: &[&Field]) -> Option<u32> {
    if asking.is_empty() {
        return None;
    }
    match base {
        // A field that takes only a part of everything never takes the rest.
        Field::Any => Some(OTHER),
        Field::Values(cells) => {
            let mut asked: Vec<u32> = Vec::new();
            for field in asking {
                if let Field::Values(values) = field {
                    asked.extend(values);
                }
            }
            asked.sort_unstable();
            cells.iter().copied().find(|cell| asked.binary_search(cell).is_err())
        }
        Field::Span(first, last) => {
            let mut spans: Vec<(u32, u32)> =
                asking.iter().filter_map(|field| bounds(field)).collect();
            spans.sort_unstable();
            let mut reached = *first;
            for (from, to) in spans {
                if from > reached {
                    break;
                }
                reached = reached.max(to.saturating_add(1));
            }
            (reached <= *last).then_some(reached)
        }
    }
}

/// One cell of each part into which the fields cut the base.
pub(super) fn parts(base: &Field, asking: &[&Field]) -> Vec<u32> {
    match base {
        Field::Any => vec![OTHER],
        Field::Values(cells) => cells.clone(),
        Field::Span(first, last) => {
            let cuts = asking.iter().filter_map(|field| bounds(field));
            let cuts = cuts.flat_map(|(from, to)| [from, to.saturating_add(1)]);
            let mut parts: Vec<u32> = cuts.filter(|cut| first < cut && cut <= last).collect();
            parts.push(*first);
            parts.sort_unstable();
            parts.dedup();
            parts
        }
    }
}

fn bounds(field: &Field) -> Option<(u32, u32)> {
    if let Field::Span(from, to) = field { Some((*from, *to)) } else { None }
}
