//! Hashed terms → sparse logistic models, by follow-the-regularised-leader.
//!
//! FTRL-Proximal (McMahan et al. 2013, *Ad Click Prediction: a View from the
//! Trenches*, §3, Algorithm 1): one pass costs a few operations a term, and L1
//! leaves most weights at exactly 0.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::feature::term::{Bags, KINDS, kinds_of};
use crate::model::term_model::{TermModel, TermModels};

use super::{PreparedPage, Settings};
use crate::page::InputKind;

/// Settings of one kind's model.
#[derive(Debug, Clone, Copy)]
struct FtrlSettings {
    /// Buckets, as a power of two.
    bits: u32,
    /// A bucket counts only where pages of so many groups have it.
    groups: u32,
    alpha: f32,
    l1: f32,
    l2: f32,
    passes: usize,
}

const SETTINGS: [FtrlSettings; KINDS.len()] = [
    FtrlSettings {
        bits: 18,
        groups: 4,
        alpha: 0.3,
        l1: 1.0,
        l2: 2.0,
        passes: 2,
    },
    FtrlSettings {
        bits: 18,
        groups: 3,
        alpha: 0.3,
        l1: 1.0,
        l2: 2.0,
        passes: 2,
    },
    FtrlSettings {
        bits: 16,
        groups: 4,
        alpha: 0.3,
        l1: 1.0,
        l2: 2.0,
        passes: 2,
    },
];

/// Buckets of the models of plain text, as powers of two: they are to stay in a
/// core's cache, where thousands of pages are judged each second.
const LINE_BITS: [u32; KINDS.len()] = [16, 0, 13];

/// Fits a model for each kind of terms that the pages have. Each page weighs the
/// same, and within it a block by the square root of its words.
pub(super) fn fit_terms(pages: &[&PreparedPage], settings: &Settings) -> TermModels {
    let mut models = TermModels::default();
    for &kind in kinds_of(settings.input) {
        let mut ftrl = SETTINGS[kind];
        if settings.input == InputKind::Text {
            ftrl.bits = LINE_BITS[kind];
        }
        models.0[kind] = fit_kind(pages, kind, ftrl, settings.seed);
    }
    models
}

fn fit_kind(pages: &[&PreparedPage], kind: usize, settings: FtrlSettings, seed: u64) -> TermModel {
    let size = 1_usize << settings.bits;
    let known = known_buckets(pages, kind, size, settings.groups);
    let mut order: Vec<(u32, u32)> = pages
        .iter()
        .enumerate()
        .flat_map(|(p, page)| (0..page.blocks.len()).map(move |b| (p as u32, b as u32)))
        .collect();
    let page_scale: Vec<f32> = pages
        .iter()
        .map(|page| {
            let total: f32 = page.words.iter().map(|w| w.sqrt()).sum();
            order.len() as f32 / pages.len() as f32 / total.max(1.0)
        })
        .collect();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ kind as u64);
    let mut ftrl = Ftrl::new(size, settings);
    let (mut bag, mut terms): (Vec<u32>, Vec<usize>) = Default::default();
    for _ in 0..settings.passes {
        order.shuffle(&mut rng);
        for &(p, b) in &order {
            let (page, b) = (pages[p as usize], b as usize);
            let weight = page.words[b].sqrt() * page_scale[p as usize];
            if weight == 0.0 {
                continue;
            }
            page.measured.terms.collect(kind, b, &mut bag);
            terms.clear();
            terms.extend(
                bag.iter()
                    .map(|&t| t as usize & (size - 1))
                    .filter(|&t| known[t]),
            );
            ftrl.learn(&terms, bag.len(), page.labels[b], weight);
        }
    }
    ftrl.model()
}

/// State of the optimiser: one more coordinate than there are buckets, for the
/// bias.
struct Ftrl {
    settings: FtrlSettings,
    z: Vec<f32>,
    n: Vec<f32>,
    /// The weights that `z` and `n` stand for.
    weights: Vec<f32>,
}

impl Ftrl {
    fn new(size: usize, settings: FtrlSettings) -> Self {
        Self {
            settings,
            z: vec![0.0; size + 1],
            n: vec![0.0; size + 1],
            weights: vec![0.0; size + 1],
        }
    }

    /// Takes a step for a block with these terms, out of `of` terms in all.
    fn learn(&mut self, terms: &[usize], of: usize, label: f32, weight: f32) {
        let bias = self.z.len() - 1;
        let value = 1.0 / (of.max(1) as f32).sqrt();
        let sum: f32 = terms.iter().map(|&t| self.weights[t]).sum();
        let log_odds = self.weights[bias] + sum * value;
        let error = (1.0 / (1.0 + (-log_odds).exp()) - label) * weight;
        for &term in terms {
            self.step(term, error * value, self.settings.l1);
        }
        self.step(bias, error, 0.0);
    }

    fn step(&mut self, at: usize, gradient: f32, l1: f32) {
        let FtrlSettings { alpha, l2, .. } = self.settings;
        let squared = self.n[at] + gradient * gradient;
        let sigma = (squared.sqrt() - self.n[at].sqrt()) / alpha;
        self.z[at] += gradient - sigma * self.weights[at];
        self.n[at] = squared;
        let z = self.z[at];
        self.weights[at] = if z.abs() <= l1 {
            0.0
        } else {
            (z.signum() * l1 - z) / ((1.0 + squared.sqrt()) / alpha + l2)
        };
    }

    /// The model, with weights in steps of the largest over 127.
    fn model(mut self) -> TermModel {
        let bias = self.weights.pop().unwrap_or_default();
        let largest = self.weights.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        TermModel {
            bias,
            scale,
            weights: self
                .weights
                .iter()
                .map(|w| (w / scale).round() as i8)
                .collect(),
        }
    }
}

/// Buckets that pages of at least `least` groups have: what only one site says
/// cannot help on another.
fn known_buckets(pages: &[&PreparedPage], kind: usize, size: usize, least: u32) -> Vec<bool> {
    let mut groups: Vec<(&str, &PreparedPage)> = pages
        .iter()
        .map(|page| (page.labelled.group.as_str(), *page))
        .collect();
    groups.sort_by_key(|(group, _)| *group);
    let mut count = vec![0_u32; size];
    let mut last = vec![u32::MAX; size];
    let mut group = 0_u32;
    for (i, (name, page)) in groups.iter().enumerate() {
        if i > 0 && groups[i - 1].0 != *name {
            group += 1;
        }
        let terms = &page.measured.terms;
        let lists: &[&Bags] = match kind {
            0 => &[&terms.words],
            1 => &[&terms.names, &terms.near],
            _ => &[&terms.heading],
        };
        for bucket in lists
            .iter()
            .flat_map(|bags| bags.all())
            .map(|&t| t as usize & (size - 1))
        {
            if last[bucket] != group {
                last[bucket] = group;
                count[bucket] += 1;
            }
        }
    }
    count.into_iter().map(|c| c >= least).collect()
}
