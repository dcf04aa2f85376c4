//! Pace and accuracy of the gradient booster on rows drawn from a formula.
//!
//! `cargo bench --bench boosting_bench [-- FILE [SEED]]` prints one line: seconds
//! to fit, and AUC on held-out rows. With FILE, it writes the rows there first,
//! for `lightgbm_peer.py`: little-endian f32, the features of a row and then
//! its label, training rows before held-out rows. SEED draws other rows.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use dehusk::train::GradientBoosting;
use linfa::Dataset;
use linfa::dataset::Pr;
use linfa::prelude::{BinaryClassification, Fit, Predict};
use ndarray::{Array1, Array2, ArrayView1, s};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const TRAIN: usize = 200_000;
const HELD_OUT: usize = 50_000;
const FEATURES: usize = 60;

/// Twenty smooth features, twenty skewed ones of which one in ten values is
/// missing, ten counts and ten flags, as block features are.
fn records(rng: &mut impl Rng) -> Array2<f32> {
    let mut records = Array2::zeros((TRAIN + HELD_OUT, FEATURES));
    for mut row in records.rows_mut() {
        for (feature, x) in row.iter_mut().enumerate() {
            let u: f32 = rng.r#gen();
            *x = match feature {
                0..20 => u,
                20..40 if rng.gen_bool(0.1) => f32::NAN,
                20..40 => -(1.0 - u).ln(),
                40..50 => (u * u * 30.0).floor(),
                _ => f32::from(u8::from(u < 0.2)),
            };
        }
    }
    records
}

/// Log-odds with additive parts, steps, interactions, and meaning in what is
/// missing. No interaction is without effects of its parts: growing greedily
/// finds such by luck, and the AUC of any learner would move with the number of
/// bins.
fn log_odds(x: ArrayView1<f32>) -> f32 {
    let skewed = |i: usize| if x[i].is_nan() { 1.5 } else { x[i].min(3.0) };
    let waves: f32 = (0..6).map(|i| (x[i] * (3.0 + i as f32)).sin()).sum();
    let products: f32 = (6..14).step_by(2).map(|i| x[i] * x[i + 1] - 0.25).sum();
    let skews: f32 = (20..28).map(|i| (skewed(i) - 1.0) * 0.35).sum();
    let counts: f32 = (40..45).map(|i| if x[i] > 9.0 { 0.6 } else { -0.3 }).sum();
    let flags = 1.5 * x[50] * x[51] + 0.8 * x[52] * skewed(20) - 0.7 * x[53];
    waves * 0.8 + products * 6.0 + skews + counts + flags - 1.5
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds a flag of its own.
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let file = arguments.next();
    let seed = arguments.next().map_or(Ok(2026), |seed| seed.parse())?;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let records = records(&mut rng);
    let labels: Array1<bool> = records
        .rows()
        .into_iter()
        .map(|row| rng.r#gen::<f32>() < 1.0 / (1.0 + (-1.5 * log_odds(row)).exp()))
        .collect();

    if let Some(path) = file {
        let mut file = BufWriter::new(File::create(path)?);
        for (row, &label) in records.rows().into_iter().zip(&labels) {
            for x in row.iter().chain([&f32::from(u8::from(label))]) {
                file.write_all(&x.to_le_bytes())?;
            }
        }
        file.flush()?;
    }

    let train = Dataset::new(
        records.slice(s![..TRAIN, ..]).to_owned(),
        labels.slice(s![..TRAIN]).to_owned(),
    );
    let held_out = records.slice(s![TRAIN.., ..]).to_owned();
    let truth = labels.slice(s![TRAIN..]).to_vec();

    let start = Instant::now();
    let fitted = GradientBoosting::params().fit(&train)?;
    let seconds = start.elapsed().as_secs_f64();
    let found: Array1<Pr> = fitted.predict(&held_out);
    let auc = found.roc(&truth)?.area_under_curve();
    println!(
        "dehusk    {} threads  {seconds:6.2} s  AUC {auc:.5}",
        rayon::current_num_threads()
    );
    Ok(())
}
