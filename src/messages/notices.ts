import type {Messages} from './message.js';

/** What a command says beside its work, and goes on. */
export const notices = {
  'CVL-W001': {
    title: 'a password can be seen by other users of the machine',
    cause:
      'The address of the queue was given with its password as an argument, and arguments are in the list of processes.',
    remedy: 'Put the address into CV_LOSS_QUEUE, or the password alone into CV_LOSS_QUEUE_PASSWORD.',
  },
  'CVL-W002': {
    title: 'the queue is out of reach',
    cause:
      'The connection broke while it was used. It is tried again for ten minutes; shards under way go on meanwhile.',
    remedy: 'Nothing, if it comes back, which is said; else look at the Redis server and the network between.',
  },
  'CVL-W003': {
    title: 'no worker takes a shard',
    cause:
      'The shards have waited a while and none was taken: no worker runs, all are busy, or they read another queue.',
    remedy: 'Start `cv-loss worker --queue ADDRESS` on one or more machines, with the address that the line names.',
  },
  'CVL-W004': {
    title: 'a shard failed and is tried again',
    cause: 'The worker that had it ended, lost its folder or met an error, which the line has.',
    remedy: 'Nothing, if the next attempt succeeds; else mend what the reason names on the machine of the worker.',
  },
  'CVL-W005': {
    title: 'a shard failed on this worker',
    cause: 'It could not be scored here for the reason in the line; the queue gives it out again.',
    remedy: 'Mend what the reason names, or end this worker so that others have the shard.',
  },
  'CVL-W006': {
    title: 'the lock of a shard was lost',
    cause: 'The worker could not renew it in time: the machine slept or was overloaded, or the queue was out of reach.',
    remedy:
      'The rows are right whoever scores them; a longer `--lock`, or fewer `--jobs`, keeps a shard from being scored twice.',
  },
  'CVL-W007': {
    title: 'a worker cannot read files of a shard',
    cause: 'Files that the run names are not to be seen on this machine; another worker gets the shard.',
    remedy: 'Mount them where the run has them, or say where they are: `--map /data=/mnt/data`.',
  },
  'CVL-W008': {
    title: 'the queue reports an error',
    cause:
      'The Redis server refused a command, for instance because it is out of memory, read-only or of an old version.',
    remedy: 'The line has its words; mend it there. The server should have `maxmemory-policy noeviction`.',
  },
  'CVL-W009': {
    title: 'the baseline is left to the merge',
    cause: 'A shard has only a part of the samples, and a baseline is of all of them.',
    remedy: 'Give it when the shards are merged: `cv-loss merge --baseline DIR`.',
  },
  'CVL-W010': {
    title: 'the rows of an interrupted run are computed anew',
    cause: 'What decides the rows, as the line lists, is not what it was when they were computed.',
    remedy: 'Nothing, if the change was meant; `--resume require` refuses such a run instead.',
  },
  'CVL-W011': {
    title: 'features are not cached',
    cause: 'The folder of the cache cannot be made or written, so the next run computes them again.',
    remedy: 'Let CV_LOSS_HOME name a folder that this user may write, or give `--no-cache`.',
  },
  'CVL-W012': {
    title: 'networks run on TensorFlow.js, which is slower',
    cause: 'ONNX Runtime is not installed or does not load on this machine, or has no provider for its GPU.',
    remedy:
      'Install it with the command that the line gives, where it gives one; `cv-loss doctor` says what is missing.',
  },
  'CVL-W013': {
    title: 'distances are computed slower than they could be',
    cause: 'The matrix of embeddings is large, and ONNX Runtime, which multiplies it quickest, is not there.',
    remedy: 'Install it with the command that the line gives; `cv-loss doctor` says what is missing.',
  },
  'CVL-W014': {
    title: 'a model runs on plain JavaScript, many times slower',
    cause: 'The quick backend of TensorFlow.js lacks an operator that the model uses.',
    remedy: 'Export the model as ONNX, or without the operator that the line names.',
  },
  'CVL-W015': {
    title: 'a generator gives pixels far out of range',
    cause: 'Its output is read in another range than it has: often -1 to 1, or 0 to 255, where 0 to 1 is taken.',
    remedy: 'Say `output_range: [-1, 1]` (or the range that it has) for the generator.',
  },
  'CVL-W016': {
    title: 'the device has too little memory for a batch',
    cause: 'The samples of the batch did not fit at once, and are computed in halves, as often as needed.',
    remedy: 'Nothing: the rows are the same. A lower `--max-memory` makes smaller batches from the start.',
  },
  'CVL-W017': {
    title: 'one core is used',
    cause: 'The threads that share the work do not start, for the reason in the line; all is computed without them.',
    remedy: 'Mend what the reason names, often a limit of memory or of threads; `--jobs 1` asks for one core silently.',
  },
  'CVL-W018': {
    title: 'label maps may have been scored as photographs',
    cause: 'The images have palettes, as label maps often have, and neither a task nor classes were said.',
    remedy: 'Let `cv-loss init` write a config, or say `--task mask --set classes=N`; for photographs `--task photo`.',
  },
  'CVL-W019': {
    title: 'the images are scored as masks',
    cause: 'No task was said, and the first pair holds two values only, as masks do.',
    remedy: 'Say `--task mask` where that is right, `--task photo` where pixels are to be compared.',
  },
  'CVL-W020': {
    title: 'files beside the directories of a series are left out',
    cause: 'The glob of `--series` matches files as well, and a prediction set is a directory.',
    remedy: 'Nothing, or a glob that ends where the directories do: `runs/epoch-*/out`.',
  },
  'CVL-W021': {
    title: 'the pictures of the page are smaller or fewer',
    cause: 'In full size they would make the page larger than its limit.',
    remedy: 'A smaller `--gallery` shows them larger; `--heatmaps` writes heat maps in full size.',
  },
  'CVL-W022': {
    title: 'a sample has no picture',
    cause: 'Its files are gone, have changed since they were scored, or cannot be decoded, as the line says.',
    remedy: 'Score the samples again, or put the files back as they were; the values of the report stand.',
  },
  'CVL-W023': {
    title: 'a report is shown without pictures',
    cause: 'The samples of the report are not found: its paths are relative to where it was made.',
    remedy: 'Run the command in the directory where the report was made, with the images in their place.',
  },
  'CVL-W024': {
    title: 'losses without heat maps',
    cause: 'The losses that the line names have no value at a pixel; the others are drawn.',
    remedy: 'Nothing; losses such as mse, mae and ssim have maps.',
  },
  'CVL-W025': {
    title: 'embeddings that are no anchors',
    cause: 'No other embedding has their label, so they have no positive.',
    remedy: 'Nothing, unless the labels are wrong: check the column or the folders that they come from.',
  },
  'CVL-W026': {
    title: 'fewer triplets than were asked for',
    cause: 'The embeddings, or the strategy, give no more of them than the line says.',
    remedy: 'Ask for fewer by `--count`, or take another `--strategy`.',
  },
  'CVL-W027': {
    title: 'anchors without a triplet',
    cause: 'The strategy finds no negative for them that it would take.',
    remedy: 'Nothing, or another `--strategy` or `--margin`; `--strategy all` leaves none out.',
  },
} satisfies Messages;
