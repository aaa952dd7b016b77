"""Torch beside bench/networks.js: VGG19 to relu4_4, perceptual terms and Gram matrices of relu1_2, relu2_2, relu3_4, relu4_4.
Random weights of the right scale; a pair is two images. Prints JSON: pairs per second by side, steady.
usage: networks.py [SIDE ...]"""
import json, sys, time
import torch, torch.nn.functional as F

torch.set_num_threads(2)
SIDES = [int(side) for side in sys.argv[1:]] or [256, 512]
BLOCKS = [(2, 64), (2, 128), (4, 256), (4, 512)]
random = torch.Generator().manual_seed(0)
weights, channels = [], 3
for count, width in BLOCKS:
    for _ in range(count):
        weights.append(torch.randn(width, channels, 3, 3, generator=random) * (2 / (9 * channels)) ** .5)
        channels = width


def features(x):
    found, at = [], 0
    for block, (count, _) in enumerate(BLOCKS):
        for _ in range(count):
            x = F.relu(F.conv2d(x, weights[at], padding=1)); at += 1
        found.append(x)
        if block < len(BLOCKS) - 1:
            x = F.max_pool2d(x, 2)
    return found


def gram(x):
    flat = x.flatten(2)[0]
    return flat @ flat.T / flat.shape[1]


def pair(x, y):
    return [(((a - b) ** 2).mean().item(), ((gram(a) - gram(b)) ** 2).sum().item()) for a, b in zip(features(x), features(y))]


result = {}
with torch.inference_mode():
    for side in SIDES:
        images = [torch.rand(1, 3, side, side, generator=random) for _ in range(2)]
        pair(*images)
        times = []
        for _ in range(5):
            started = time.perf_counter(); pair(*images); times.append(time.perf_counter() - started)
        result[side] = 1 / sorted(times)[len(times) // 2]
print(json.dumps({'torch': torch.__version__, 'pairs_per_second': result}))
