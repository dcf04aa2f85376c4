"""LightGBM on the rows that boosting_bench wrote: seconds to fit, and AUC.

    pip install lightgbm==4.7.0 numpy
    python lightgbm_peer.py FILE [THREADS]
"""

import sys
import time

import lightgbm
import numpy

TRAIN = 200_000
FEATURES = 60

threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
table = numpy.fromfile(sys.argv[1], dtype="<f4").reshape(-1, FEATURES + 1)
records = numpy.ascontiguousarray(table[:, :FEATURES])
labels = table[:, FEATURES].copy()

start = time.perf_counter()
booster = lightgbm.train(
    {
        "objective": "binary",
        "learning_rate": 0.1,
        "num_leaves": 31,
        "max_bin": 255,
        "lambda_l2": 1.0,
        "min_sum_hessian_in_leaf": 1e-3,
        "min_data_in_leaf": 20,
        "num_threads": threads,
        "verbosity": -1,
    },
    lightgbm.Dataset(records[:TRAIN], labels[:TRAIN]),
    num_boost_round=200,
)
seconds = time.perf_counter() - start

scores = booster.predict(records[TRAIN:])
truth = labels[TRAIN:] > 0.5
ascending = numpy.sort(scores)
first = numpy.searchsorted(ascending, scores, "left")
last = numpy.searchsorted(ascending, scores, "right")
positives = truth.sum()
ranks = (first + last + 1)[truth].sum() / 2
auc = (ranks - positives * (positives + 1) / 2) / (positives * (~truth).sum())
print(f"LightGBM  {threads} threads  {seconds:6.2f} s  AUC {auc:.5f}")
