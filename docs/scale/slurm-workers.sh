#!/bin/bash
# One run that an array of 16 Slurm tasks shares through a queue, however many of them there are at a time: bash slurm-workers.sh
# A task that is preempted gives its shard back; one that is killed is missed after 30 s. CV_LOSS_QUEUE holds the address.
set -euo pipefail
: "${CV_LOSS_QUEUE:?expected the address of the queue, such as redis://queue.example:6379}"
export CV_LOSS_QUEUE

# Workers end when there has been nothing to do for five minutes.
sbatch --array=1-16 --cpus-per-task=4 --requeue --signal=B:TERM@60 --wrap='
  exec npx --yes cv-loss worker --jobs "${SLURM_CPUS_PER_TASK:-4}" --idle 300'

npx --yes cv-loss eval --config cv-loss.yaml --queue --report report
