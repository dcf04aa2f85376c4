//! What a fitted booster must do, seen from outside.

use linfa::dataset::Pr;
use linfa::prelude::{Fit, ParamGuard, Predict};
use linfa::{Dataset, DatasetBase};
use ndarray::{Array1, Array2, Axis, Slice, Zip, concatenate};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::ThreadPoolBuilder;

use super::{BoostingError, GradientBoosting, GradientBoostingParams, Round};
use crate::model::trees::{Link, Node, Tree, TreeEnsemble};

type Rows = DatasetBase<Array2<f32>, Array1<f32>>;

/// Rows of numbers from 0 to 1, labelled by a formula.
fn rows(n: usize, features: usize, seed: u64, label: impl Fn(&[f32]) -> f32) -> Rows {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let records = Array2::from_shape_simple_fn((n, features), || rng.r#gen::<f32>());
    let labels = records
        .rows()
        .into_iter()
        .map(|row| label(&row.to_vec()))
        .collect::<Array1<f32>>();
    DatasetBase::new(records, labels)
}

/// Block-like rows: values missing now and then, a flag, soft noisy labels,
/// weights.
fn mixed_rows(n: usize, seed: u64) -> Rows {
    let mut data = rows(n, 11, seed, |x| {
        ((x[0] * 6.0).sin() * 0.4 + x[1] * x[2] + x[3] * 0.3).clamp(0.0, 1.0)
    });
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed + 1);
    for mut row in data.records.rows_mut() {
        row[4] = (row[4] * 2.0).floor();
        if rng.gen_bool(0.2) {
            row[1] = f32::NAN;
        }
    }
    data.targets
        .mapv_inplace(|y| (y + rng.gen_range(-0.2..0.2)).clamp(0.0, 1.0));
    data.weights = (0..n).map(|_| rng.gen_range(0.1..3.0)).collect();
    data
}

fn hard(condition: bool) -> f32 {
    f32::from(u8::from(condition))
}

fn small() -> GradientBoostingParams {
    GradientBoosting::params().n_trees(40).min_leaf_rows(5)
}

fn accuracy(fitted: &GradientBoosting, data: &Rows) -> f64 {
    let classes: Array1<bool> = fitted.predict(data);
    let right = classes
        .iter()
        .zip(&data.targets)
        .filter(|&(&class, &label)| class == (label > 0.5));
    right.count() as f64 / classes.len() as f64
}

fn mean_square(a: &Array1<f32>, b: &Array1<f32>) -> f32 {
    Zip::from(a)
        .and(b)
        .fold(0.0, |sum, a, b| sum + (a - b) * (a - b))
        / a.len() as f32
}

fn leaf_counts(tree: &Tree, records: &Array2<f32>) -> Vec<usize> {
    let mut counts = vec![0; tree.nodes.len()];
    for row in records.rows() {
        let mut at = 0;
        while let Node::Split {
            feature,
            threshold,
            missing_left,
            left,
            right,
        } = tree.nodes[at]
        {
            let x = row[feature as usize];
            let goes_left = x <= threshold || missing_left && x.is_nan();
            at = if goes_left { left } else { right } as usize;
        }
        counts[at] += 1;
    }
    counts.retain(|&n| n > 0);
    counts
}

#[test]
fn an_either_or_of_two_features_is_learned() {
    let label = |x: &[f32]| hard((x[0] > 0.5) != (x[1] > 0.4));
    let fitted = small().fit(&rows(3_000, 4, 1, label)).unwrap();
    assert!(accuracy(&fitted, &rows(1_000, 4, 2, label)) > 0.97);
}

#[test]
fn a_sum_of_features_is_learned_and_importance_tells_which() {
    let label = |x: &[f32]| hard(x[0] + 2.0 * x[3] > 1.5);
    let fitted = small().fit(&rows(3_000, 5, 3, label)).unwrap();
    assert!(accuracy(&fitted, &rows(1_000, 5, 4, label)) > 0.96);
    let gains = fitted.importance();
    assert!(gains[3] > gains[0]);
    assert!(gains[0] > 10.0 * (gains[1] + gains[2] + gains[4]));
}

#[test]
fn soft_labels_are_met_in_the_mean() {
    let shares = [0.05, 0.3, 0.5, 0.9];
    let data = rows(250, 1, 5, |x| shares[(x[0] * 4.0) as usize]);
    let fitted = small().n_trees(150).l2(0.0).fit(&data).unwrap();
    let found = fitted.probabilities(&data.records);
    assert!(mean_square(&found, &data.targets) < 1e-5);
}

#[test]
fn labels_of_one_share_need_no_trees() {
    for share in [0.0, 0.25, 1.0] {
        let data = rows(500, 3, 6, |_| share);
        let fitted = small().fit(&data).unwrap();
        assert!(fitted.ensemble().trees.is_empty());
        let found = fitted.probabilities(&data.records);
        assert!((found[0] - share).abs() < 1e-5, "{}", found[0]);
    }
}

#[test]
fn missing_values_are_a_sign_of_their_own() {
    let mut data = rows(2_000, 2, 7, |x| hard(x[0] > 0.8 || x[1] > 0.7));
    for (row, x) in data.records.column_mut(0).iter_mut().enumerate() {
        if row % 3 == 0 {
            *x = f32::NAN;
            data.targets[row] = 1.0;
        }
    }
    let fitted = small().fit(&data).unwrap();
    assert!(accuracy(&fitted, &data) > 0.99);
    let unseen = ndarray::array![[f32::NAN, 0.1], [0.3, 0.1]];
    let found = fitted.probabilities(&unseen);
    assert!(found[0] > 0.95 && found[1] < 0.05, "{found}");
}

#[test]
fn a_feature_that_is_only_ever_missing_or_one_value_can_be_split() {
    let data = rows(400, 1, 8, |_| 0.0);
    let records = data.records.mapv(|x| if x < 0.5 { f32::NAN } else { 7.0 });
    let labels = records.column(0).mapv(|x| hard(x.is_nan()));
    let data = DatasetBase::new(records, labels);
    let fitted = small().fit(&data).unwrap();
    assert_eq!(accuracy(&fitted, &data), 1.0);
    assert_eq!(fitted.ensemble().check(1), Ok(()));
}

#[test]
fn weights_do_what_repeated_rows_do() {
    let data = mixed_rows(1_500, 9);
    let weights: Array1<f32> = (0..1_500).map(|i| (i % 3) as f32).collect();
    let repeated: Vec<usize> = (0..1_500).flat_map(|i| vec![i; i % 3]).collect();
    let twice = DatasetBase::new(
        data.records.select(Axis(0), &repeated),
        data.targets.select(Axis(0), &repeated),
    );
    let records = data.records.clone();
    let weighted = data.with_weights(weights);
    // A bound on rows would count repeated rows and not weights.
    let params = small().n_trees(30).min_leaf_rows(1).min_leaf_weight(5.0);
    let a = params.fit(&weighted).unwrap().probabilities(&records);
    let b = params.fit(&twice).unwrap().probabilities(&records);
    assert!(mean_square(&a, &b) < 1e-3, "{}", mean_square(&a, &b));
}

#[test]
fn leaves_have_their_rows_trees_their_leaves_and_depth() {
    let data = mixed_rows(2_000, 10);
    let params = small().min_leaf_rows(37).max_leaves(12).max_depth(Some(4));
    let fitted = params.fit(&data).unwrap();
    let ensemble = fitted.ensemble();
    assert_eq!(ensemble.check(11), Ok(()));
    assert_eq!(ensemble.trees.len(), 40);
    for tree in &ensemble.trees {
        let counts = leaf_counts(tree, &data.records);
        assert!(counts.len() == tree.leaves() && counts.len() <= 12);
        assert!(counts.iter().all(|&n| n >= 37), "{counts:?}");
        let mut depth = vec![0; tree.nodes.len()];
        for (at, node) in tree.nodes.iter().enumerate() {
            if let Node::Split { left, right, .. } = *node {
                depth[left as usize] = depth[at] + 1;
                depth[right as usize] = depth[at] + 1;
            }
        }
        assert!(depth.iter().all(|&d| d <= 4));
    }
}

#[test]
fn early_stopping_keeps_the_best_round() {
    let noisy = |seed| {
        let mut data = rows(600, 5, seed, |x| hard(x[0] > 0.5));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed + 100);
        data.targets
            .mapv_inplace(|y| if rng.gen_bool(0.2) { 1.0 - y } else { y });
        data
    };
    let (train, holdout) = (noisy(11), noisy(12));
    let params = small().n_trees(300).early_stopping(Some(8));
    let params = params.check().unwrap();
    let mut seen: Vec<Round> = Vec::new();
    let fitted = params
        .fit_with_holdout(&train, &holdout, &mut |round| seen.push(round))
        .unwrap();
    let best = seen
        .iter()
        .min_by(|a, b| a.holdout_loss.partial_cmp(&b.holdout_loss).unwrap())
        .unwrap();
    assert_eq!(fitted.ensemble().trees.len(), best.round);
    assert_eq!(seen.len(), best.round + 8);
    assert!(seen.windows(2).all(|r| r[1].train_loss < r[0].train_loss));

    let found = fitted.probabilities(&holdout.records);
    let losses = Zip::from(&found)
        .and(&holdout.targets)
        .fold(0.0, |sum, p, y| {
            sum - f64::from(if *y > 0.5 { *p } else { 1.0 - p }).ln()
        });
    let loss = losses / found.len() as f64;
    assert!((loss - best.holdout_loss.unwrap()).abs() < 1e-5);
}

#[test]
fn progress_is_told_of_every_round_and_changes_nothing() {
    let data = mixed_rows(800, 13);
    let mut rounds = Vec::new();
    let params = small().n_trees(7);
    let watched = params
        .check_ref()
        .unwrap()
        .fit_with_progress(&data, &mut |round| rounds.push(round))
        .unwrap();
    assert_eq!(watched, params.fit(&data).unwrap());
    let numbers: Vec<usize> = rounds.iter().map(|round| round.round).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    assert!(rounds.iter().all(|round| round.holdout_loss.is_none()));
}

#[test]
fn features_that_never_vary_change_nothing() {
    let data = mixed_rows(800, 14);
    let constant = Array2::from_shape_fn((800, 2), |(_, j)| [3.5, f32::NAN][j]);
    let records = concatenate![Axis(1), constant, data.records];
    let padded =
        DatasetBase::new(records.clone(), data.targets.clone()).with_weights(data.weights.clone());
    let plain = small().fit(&data).unwrap();
    let fitted = small().fit(&padded).unwrap();
    assert_eq!(
        fitted.probabilities(&records),
        plain.probabilities(&data.records)
    );
    let importance = fitted.importance();
    let (_, behind) = importance.view().split_at(Axis(0), 2);
    assert_eq!(behind, plain.importance());

    let nothing = records.slice_axis(Axis(1), Slice::from(..2)).to_owned();
    let fitted = small().fit(&DatasetBase::new(nothing, data.targets));
    assert!(fitted.unwrap().ensemble().trees.is_empty());
}

#[test]
fn any_number_of_threads_grows_the_same_trees() {
    // Rows enough for several tasks wherever rows are shared out.
    let (data, holdout) = (mixed_rows(20_000, 15), mixed_rows(5_000, 16));
    for params in [
        small(),
        small().row_sample(0.6).column_sample(0.5).seed(9),
        small().random_thresholds(true),
    ] {
        let params = params.n_trees(8).check().unwrap();
        let fit = |threads| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                let mut rounds = Vec::new();
                let fitted = params
                    .fit_with_holdout(&data, &holdout, &mut |round| rounds.push(round))
                    .unwrap();
                (fitted, rounds)
            })
        };
        let alone = fit(1);
        assert_eq!(fit(2), alone);
        assert_eq!(fit(3), alone);
    }
}

#[test]
fn the_seed_decides_the_samples() {
    let data = mixed_rows(1_000, 17);
    let params = || small().n_trees(5).row_sample(0.5).column_sample(0.4);
    let fit = |seed| params().seed(seed).fit(&data).unwrap();
    assert_eq!(fit(1), fit(1));
    assert_ne!(fit(1), fit(2));
    for tree in &fit(1).ensemble().trees {
        let mut asked: Vec<u32> = tree
            .nodes
            .iter()
            .filter_map(|node| match node {
                Node::Split { feature, .. } => Some(*feature),
                Node::Leaf { .. } => None,
            })
            .collect();
        asked.sort_unstable();
        asked.dedup();
        assert!(asked.len() <= 4, "4 of 11 features, found {asked:?}");
    }
}

#[test]
fn the_layout_of_the_records_does_not_matter() {
    let data = mixed_rows(700, 18);
    let by_column = DatasetBase::new(
        data.records
            .t()
            .as_standard_layout()
            .into_owned()
            .reversed_axes(),
        data.targets.clone(),
    )
    .with_weights(data.weights.clone());
    assert!(!by_column.records.is_standard_layout());
    assert_eq!(
        small().fit(&by_column).unwrap(),
        small().fit(&data).unwrap()
    );
}

#[test]
fn hard_classes_and_probabilities_agree() {
    let soft = rows(900, 3, 19, |x| hard(x[0] > 0.3));
    let classes = soft.targets.mapv(|y| y as usize);
    let fitted = small().fit(&Dataset::new(soft.records.clone(), classes.clone()));
    let fitted = fitted.unwrap();
    let answers = soft.targets.mapv(|y| y > 0.5);
    let from_bools = small().fit(&Dataset::new(soft.records.clone(), answers));
    assert_eq!(from_bools.unwrap(), fitted);
    assert_eq!(small().fit(&soft).unwrap(), fitted);
    let found: Array1<usize> = fitted.predict(&soft.records);
    assert_eq!(found, classes);
    let sure: Array1<Pr> = fitted.predict(&soft);
    let probabilities = fitted.probabilities(&soft.records);
    assert!(sure.iter().zip(&probabilities).all(|(a, b)| **a == *b));
}

#[test]
fn what_cannot_be_fitted_is_an_error() {
    let data = mixed_rows(50, 20);
    let stopping = small().early_stopping(Some(3));
    assert!(matches!(stopping.fit(&data), Err(BoostingError::NoHoldout)));
    let fewer = rows(50, 4, 21, |_| 0.0);
    let error = small()
        .check()
        .unwrap()
        .fit_with_holdout(&data, &fewer, &mut |_| {})
        .unwrap_err();
    assert!(error.to_string().contains("4 features"), "{error}");
    let wrong = small().n_trees(0).fit(&data);
    assert!(matches!(wrong, Err(BoostingError::Parameter { .. })));
    let mut damaged = mixed_rows(50, 22);
    damaged.targets[7] = f32::NAN;
    let error = small().fit(&damaged).unwrap_err();
    assert!(error.to_string().contains("row 7"), "{error}");
}

#[test]
fn boosting_on_is_boosting_longer() {
    let data = mixed_rows(1_500, 8);
    let fit = |n| small().n_trees(n).fit(&data).unwrap().into_ensemble();
    let params = small().n_trees(15).check().unwrap();
    let further = params.fit_further(fit(25), &data).unwrap();
    assert_eq!(further.ensemble(), &fit(40));

    let holdout = mixed_rows(300, 9);
    let (mut first, mut told) = (Vec::new(), Vec::new());
    let longer = small().n_trees(40).check().unwrap();
    longer
        .fit_with_holdout(&data, &holdout, &mut |round| first.push(round))
        .unwrap();
    let watched = params
        .fit_further_with_holdout(fit(25), &data, &holdout, &mut |round| told.push(round))
        .unwrap();
    assert_eq!(watched, further);
    assert_eq!(told.len(), 15);
    for (told, first) in told.iter().zip(&first[25..]) {
        let (a, b) = (told.holdout_loss.unwrap(), first.holdout_loss.unwrap());
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

#[test]
fn only_trees_of_log_odds_are_boosted_on() {
    let data = mixed_rows(200, 8);
    let forest = TreeEnsemble {
        base: 0.5,
        trees: Vec::new(),
        link: Link::Identity,
    };
    let params = small().check().unwrap();
    assert!(matches!(
        params.fit_further(forest, &data),
        Err(BoostingError::NotLogOdds)
    ));
}
