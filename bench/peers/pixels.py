"""Scores pairs of PNGs as users of piq, torchmetrics, MONAI and scikit-image do; files are read ahead on all cores.

Prints a line of JSON, seconds and mean values; with --serve one for each line on stdin. Only values whose convention is
cv-loss's are printed: torchmetrics also counts windows of SSIM that reach past the edge, scikit-image crops otherwise.

    bench/peers/venv/bin/python bench/peers/pixels.py LIBRARY LOSS,LOSS PRED TARGET [--serve]
    bench/peers/venv/bin/python bench/peers/pixels.py --versions
"""

import importlib.metadata
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORES = len(os.sched_getaffinity(0))
SAME = {
    "piq": {"mse", "mae", "psnr", "ssim", "ms-ssim", "total-variation"},
    "torchmetrics": {"mse", "mae", "psnr", "total-variation"},
    "monai": {"mse", "mae", "psnr", "ssim"},
    "skimage": {"mse", "psnr"},
}


def piq_losses():
    import piq
    import torch.nn.functional as functional

    return {
        "mse": functional.mse_loss,
        "mae": functional.l1_loss,
        "psnr": piq.psnr,
        "ssim": lambda x, y: piq.ssim(x, y, downsample=False),
        "ms-ssim": piq.multi_scale_ssim,
        "total-variation": lambda x, _: piq.total_variation(x, norm_type="l1"),
    }


def torchmetrics_losses():
    import torchmetrics.functional as metrics
    import torchmetrics.functional.image as images

    return {
        "mse": metrics.mean_squared_error,
        "mae": metrics.mean_absolute_error,
        "psnr": lambda x, y: images.peak_signal_noise_ratio(x, y, data_range=1.0),
        "ssim": lambda x, y: images.structural_similarity_index_measure(x, y, data_range=1.0),
        "ms-ssim": lambda x, y: images.multiscale_structural_similarity_index_measure(x, y, data_range=1.0),
        "total-variation": lambda x, _: images.total_variation(x, reduction="sum"),
    }


def monai_losses():
    import monai.metrics as metrics

    return {
        "mse": metrics.MSEMetric(),
        "mae": metrics.MAEMetric(),
        "psnr": metrics.PSNRMetric(max_val=1.0),
        "ssim": metrics.SSIMMetric(spatial_dims=2, data_range=1.0),
        "ms-ssim": metrics.MultiScaleSSIMMetric(spatial_dims=2, data_range=1.0),
    }


def skimage_losses():
    import skimage.metrics as metrics

    gaussian = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return {
        "mse": metrics.mean_squared_error,
        "psnr": lambda x, y: metrics.peak_signal_noise_ratio(y, x, data_range=1.0),
        "ssim": lambda x, y: metrics.structural_similarity(x, y, channel_axis=2, data_range=1.0, **gaussian),
    }


LOSSES = {"piq": piq_losses, "torchmetrics": torchmetrics_losses, "monai": monai_losses, "skimage": skimage_losses}


def reader(library):
    """How a file becomes what the library takes: [1, c, h, w] tensors, or [h, w, c] arrays, from 0 to 1, float32."""
    import numpy as np
    from PIL import Image

    if library == "skimage":
        return lambda path: np.asarray(Image.open(path), dtype=np.float32) / 255
    import torch

    torch.set_num_threads(CORES)
    return lambda path: torch.from_numpy(np.array(Image.open(path))).permute(2, 0, 1)[None].float().contiguous().div_(255)


def score(losses, read, pool, pred, target):
    names = sorted(path.name for path in pred.iterdir())
    sums = dict.fromkeys(losses, 0.0)
    ahead = 2 * CORES
    pending = [[pool.submit(read, folder / name) for folder in (pred, target)] for name in names[:ahead]]
    for at in range(len(names)):
        if at + ahead < len(names):
            pending.append([pool.submit(read, folder / names[at + ahead]) for folder in (pred, target)])
        x, y = (future.result() for future in pending.pop(0))
        for key, loss in losses.items():
            sums[key] += float(loss(x, y))
    return {key: total / len(names) for key, total in sums.items()}


def main(library, wanted, pred, target, *flags):
    read = reader(library)
    every = LOSSES[library]()
    losses = {key: every[key] for key in wanted.split(",")}
    with ThreadPoolExecutor(CORES) as pool:
        for _ in sys.stdin if "--serve" in flags else [None]:
            started = time.perf_counter()
            if library == "skimage":
                values = score(losses, read, pool, Path(pred), Path(target))
            else:
                import torch

                with torch.inference_mode():
                    values = score(losses, read, pool, Path(pred), Path(target))
            seconds = time.perf_counter() - started
            means = {key: value for key, value in values.items() if key in SAME[library]}
            print(json.dumps({"seconds": seconds, "means": means}), flush=True)


def versions():
    found = {}
    for name, package in {"piq": "piq", "torchmetrics": "torchmetrics", "monai": "monai", "skimage": "scikit-image"}.items():
        try:
            found[name] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


if sys.argv[1:] == ["--versions"]:
    print(json.dumps(versions()))
else:
    main(*sys.argv[1:])
