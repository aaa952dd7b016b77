#!/bin/bash
# One run over an array of 16 Slurm tasks, and its report made of the parts when all have ended: bash slurm.sh
# A task that is preempted and requeued goes on with its rows.
set -euo pipefail
export SHARDS=16

array=$(sbatch --parsable --array="1-$SHARDS" --cpus-per-task=4 --requeue --wrap='
  npx --yes cv-loss eval --config cv-loss.yaml --quiet \
    --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --report "shards/$SLURM_ARRAY_TASK_ID"')

# Also after tasks with code 3 (samples failed); where a shard is missing the merge says which.
sbatch --dependency="afterany:$array" --wrap='npx --yes cv-loss merge shards/* --report report'
