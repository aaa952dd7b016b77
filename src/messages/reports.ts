import type {Messages} from './message.js';

/** Reports, baselines, shards and journals on disk. */
export const reports = {
  'CVL-R001': {
    title: 'there is no baseline yet',
    cause: 'The directory of `--baseline` holds no report.',
    remedy: 'Make one from a run that is good: the same command with `--update-baseline`.',
  },
  'CVL-R002': {
    title: 'the report would replace what it is made of',
    cause: 'The baseline, or a shard that is merged, lies where the report is to go.',
    remedy: 'Give `--report` another directory.',
  },
  'CVL-R003': {
    title: 'no report at that place',
    cause: 'A report is a directory with `report.json`, which `cv-loss eval --report DIR` writes.',
    remedy: 'Check the path, or make the report first.',
  },
  'CVL-R004': {
    title: 'a damaged report',
    cause: 'Its files contradict each other, or a line of them is not what cv-loss writes.',
    remedy: 'Run `cv-loss eval` again; do not edit the files of a report.',
  },
  'CVL-R005': {
    title: 'a report of another version',
    cause: 'The form of reports has changed since it was written, or it was written by a newer cv-loss.',
    remedy: 'Run `cv-loss eval` again with this version, or read it with the version that wrote it.',
  },
  'CVL-R006': {
    title: 'a file that is not of cv-loss is in the way',
    cause: 'The report would overwrite a file that it did not write.',
    remedy: 'Choose another place with `--report`, or move the file away.',
  },
  'CVL-R007': {
    title: 'another run is writing there',
    cause: 'Two runs may not write one folder; a lock says which process has it.',
    remedy: 'Wait for the other run, or give `--report` another folder.',
  },
  'CVL-R008': {
    title: 'no finished shard at that place',
    cause: 'The directory holds no shard: the run was cut short, or was no `eval --shard`.',
    remedy: 'Run that shard (again) with `cv-loss eval --shard I/N --report DIR`.',
  },
  'CVL-R009': {
    title: 'a shard that cannot be read',
    cause: 'It is damaged, incomplete, or of another version of cv-loss.',
    remedy: 'Run the shard again with this version.',
  },
  'CVL-R010': {
    title: 'shards that are not the parts of one run',
    cause: 'One is missing or there twice, or they differ in config, version or the files that they saw.',
    remedy: 'Merge all shards of one run: same config, same files, same version, each with a report of its own.',
  },
  'CVL-R011': {
    title: 'merge lacks a plugin of the shards',
    cause: 'A merge aggregates with the losses that the shards were run with, and code is loaded only when named.',
    remedy: 'Name the same file: `cv-loss merge SHARD… --plugin FILE`.',
  },
  'CVL-R012': {
    title: 'a shard where a report is expected',
    cause: 'A shard alone has rows and no aggregates.',
    remedy: 'Merge all shards first: `cv-loss merge SHARD… --report DIR`.',
  },
  'CVL-R013': {
    title: 'a file that is no journal of this version',
    cause: 'A run keeps its rows in a journal beside the report, and another file of that name is there.',
    remedy: 'Remove the file, or choose another `--report`.',
  },
  'CVL-R014': {
    title: 'there is nothing to resume',
    cause:
      '`--resume require` wants the rows of an interrupted run of the same config and files. A task of whole sets keeps none: its rows are there at the end, all at once.',
    remedy: 'Run the same command as before, or leave `--resume` out to begin anew.',
  },
  'CVL-R015': {
    title: 'the place cannot be written',
    cause: 'The folder is read-only, lacks permission, or a file stands where a folder is meant.',
    remedy: 'Choose another place, or change its permissions.',
  },
  'CVL-R016': {
    title: 'the samples of a report are not found again',
    cause: 'Pictures are drawn from the images, and those came from standard input or are gone.',
    remedy: 'Keep the images where the report names them, relative to the working directory.',
  },
} satisfies Messages;
