"""Scores 0/255 masks as users of MONAI and scikit-image do: dice, IoU, binary cross-entropy, Hausdorff 95, clDice, Betti.

For each line on stdin, one pass over the folder, and one line of JSON: masks, seconds, peak memory and mean values.

    echo | bench/peers/venv/bin/python bench/peers/masks.py PRED TARGET
"""

import json
import resource
import sys
import time
from pathlib import Path

import monai.metrics as mm
import numpy as np
import torch
from PIL import Image
from skimage.measure import euler_number, label
from skimage.morphology import skeletonize
from torch.nn import functional


def read(path):
    return np.asarray(Image.open(path)) > 127


def cl_dice(pred, target):
    in_pred, in_target = (skeletonize(mask, method="zhang") for mask in (pred, target))
    precision = (in_pred & target).sum() / in_pred.sum()
    sensitivity = (in_target & pred).sum() / in_target.sum()
    return 2 * precision * sensitivity / (precision + sensitivity)


def betti(mask):
    beta0 = label(mask, connectivity=2, return_num=True)[1]
    return beta0, beta0 - euler_number(mask, connectivity=2)


def score(pred, target):
    one, other = (torch.from_numpy(mask)[None, None] for mask in (pred, target))
    # Logarithms of 0 are capped as cv-loss caps them.
    probability = one.double().clamp(1e-7, 1 - 1e-7)
    found, truth = betti(pred), betti(target)
    return {
        "dice": mm.compute_dice(one.float(), other.float()).item(),
        "iou": mm.compute_iou(one.float(), other.float()).item(),
        "cross-entropy": functional.binary_cross_entropy(probability, other.double()).item(),
        "hausdorff": mm.compute_hausdorff_distance(one, other, include_background=True, percentile=95).item(),
        "cl-dice": float(cl_dice(pred, target)),
        "betti": int(abs(found[0] - truth[0]) + abs(found[1] - truth[1])),
    }


def main():
    # Pictures of this size gain nothing from more threads, and lose much where cores are busy.
    torch.set_num_threads(1)
    pred, target = map(Path, sys.argv[1:])
    names = sorted(path.name for path in pred.iterdir())
    for _ in sys.stdin:
        started = time.perf_counter()
        with torch.no_grad():
            values = [score(read(pred / name), read(target / name)) for name in names]
        seconds = time.perf_counter() - started
        means = {key: sum(of[key] for of in values) / len(values) for key in values[0]}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"masks": len(names), "seconds": seconds, "peakKiB": peak, "means": means}), flush=True)


main()
