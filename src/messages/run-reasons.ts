import type {NamedMessage} from './message.js';

/** Why a command could not finish, by the name that its line begins with. It exits with 4. */
export const runReasons = {
  'device-lost': {
    code: 'CVL-X001',
    title: 'the GPU was lost',
    cause: 'Its driver was reset, or its memory ran out in a way that cannot be caught.',
    remedy: 'Run the same command again: it goes on where it ended. Lower `--batch-size`, or use `--device cpu`.',
  },
  'disk-full': {
    code: 'CVL-X002',
    title: 'no space is left on the device',
    cause: 'The disk or the quota is full. What was complete stays as it was.',
    remedy: 'Free some space and run the same command again, or choose another place.',
  },
  'download-failed': {
    code: 'CVL-X003',
    title: 'a download failed',
    cause: 'The server was not reached or refused, after several tries where that may help.',
    remedy:
      'Check network, proxy (HTTPS_PROXY) and address; a download that was cut short goes on with the same command.',
  },
  'incomplete-package': {
    code: 'CVL-X004',
    title: 'the package lacks a file of its own',
    cause: 'It was built or copied in part.',
    remedy: 'Install cv-loss again; in a clone, run `npm run build`.',
  },
  'internal-error': {
    code: 'CVL-X005',
    title: 'a defect of cv-loss',
    cause: 'Something happened that nobody foresaw.',
    remedy: 'Report it with what `CV_LOSS_DEBUG=1` prints and the command that shows it.',
  },
  'loss-failed': {
    code: 'CVL-X006',
    title: 'a loss failed for the whole dataset',
    cause: 'A loss, mostly of a plugin, threw in its aggregate or in a row of a set.',
    remedy: 'The line has what it said; correct the plugin.',
  },
  'not-a-file': {
    code: 'CVL-X007',
    title: 'a file would be written where something else is',
    cause: 'A folder, device or pipe has that name.',
    remedy: 'Choose another place.',
  },
  'not-a-folder': {
    code: 'CVL-X008',
    title: 'a folder would be made where a file is',
    cause: 'A part of the path is a file.',
    remedy: 'Choose another place.',
  },
  'not-removed': {
    code: 'CVL-X009',
    title: 'entries of the cache cannot be removed',
    cause: 'This user may not remove them, or another process has them open.',
    remedy: 'Check the permissions of the folder that the line names.',
  },
  'out-of-memory': {
    code: 'CVL-X010',
    title: 'memory ran out',
    cause: 'The tensor backend or ONNX Runtime could not allocate, and cannot go on in this process.',
    remedy: 'Lower `--batch-size` or `--jobs` and run the same command again: it goes on where it ended.',
  },
  'output-lost': {
    code: 'CVL-X011',
    title: 'the place of the output is gone',
    cause:
      'The folder was removed or taken over during the run, a network drive was lost, or standard output cannot be written.',
    remedy: 'Make the folder again, or choose another place.',
  },
  'permission-denied': {
    code: 'CVL-X012',
    title: 'this user may not write there',
    cause: 'The permissions of the folder or file do not allow it.',
    remedy: 'Choose another place, or change its permissions.',
  },
  'read-only': {
    code: 'CVL-X013',
    title: 'the file system is read-only',
    cause: 'It is mounted that way, or became so after an error of the disk.',
    remedy: 'Choose another place.',
  },
  'write-failed': {
    code: 'CVL-X014',
    title: 'writing failed',
    cause: 'The system reports an error of the disk, or a limit such as the number of open files.',
    remedy: 'The line has the error of the system; run the same command again once it is mended.',
  },
  'wrong-file': {
    code: 'CVL-X015',
    title: 'the server has another file than was published',
    cause: 'Its length is not that of the published weights.',
    remedy: 'Check the mirror (CV_LOSS_MIRROR), or leave it out.',
  },
  'wrong-hash': {
    code: 'CVL-X016',
    title: 'a download has another hash than was published',
    cause: 'The file was changed, by a mirror or on the way. Nothing was kept.',
    remedy: 'Check the mirror (CV_LOSS_MIRROR) or the address; do not use the file.',
  },
  'wrong-products': {
    code: 'CVL-X017',
    title: 'the device computes wrong products',
    cause:
      'A matrix product, checked against float64, is off by more than rounding: a defect of driver, library or memory.',
    remedy: 'Compute without ONNX Runtime, update the driver, and test the memory of the machine.',
  },
  'queue-lost': {
    code: 'CVL-X018',
    title: 'the queue was out of reach for ten minutes',
    cause: 'Redis ended or the network broke, and did not come back. Shards that are done are kept.',
    remedy: 'Start Redis again, and then the same command: it goes on where it ended.',
  },
  'shards-failed': {
    code: 'CVL-X019',
    title: 'shards failed at every attempt',
    cause:
      'Each was tried three times, or brought down six workers; a line for each says why. The other shards are kept.',
    remedy: 'Remove the reason (disk, memory), and run the same command: it tries them again.',
  },
  'shards-damaged': {
    code: 'CVL-X020',
    title: 'the shards of a run are not whole',
    cause: 'Somebody else wrote into the folder that the machines of the run share, or a file there is damaged.',
    remedy: 'Remove the folder that the line names, and run the same command again.',
  },
  'scorer-ended': {
    code: 'CVL-X021',
    title: "a worker's scoring process ended",
    cause: 'The system ended it, mostly as memory ran out, or a native library crashed.',
    remedy: 'Lower `--jobs` or `--max-memory` of the worker, or score smaller images or crops.',
  },
} satisfies Readonly<Record<string, NamedMessage>>;
