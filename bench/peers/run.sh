#!/bin/sh
# Installs what the benchmarks compare with: a Python environment in bench/peers/venv (PyTorch, piq, torchmetrics, MONAI,
# scikit-image, lpips) and the npm packages of bench/peers/npm. FFmpeg takes part where it is on the PATH.
# Arguments go to the installation of PyTorch: name an index of CPU builds with --index-url to save some 5 GB.
#   bench/peers/run.sh [option of pip install ...]
set -eu
cd "$(dirname "$0")"
[ -x venv/bin/python ] || python3 -m venv venv
venv/bin/pip install --quiet "$@" torch torchvision
venv/bin/pip install --quiet --requirement requirements.txt
npm install --prefix npm --no-package-lock --no-audit --no-fund --silent
venv/bin/python pixels.py --versions
