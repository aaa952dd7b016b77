import type {Messages} from './message.js';

/** From directories, globs and manifests to the table of samples. */
export const samples = {
  'CVL-S001': {
    title: 'the inputs do not pair',
    cause:
      'Files pair by their path below the directory, without extension. Some have no partner, or several files have one key.',
    remedy:
      "Say how the names hold the key (`--match pred='{key}_sr'`), list the pairs in a manifest (`--pairs`), or leave files without a partner out (`--allow-missing`).",
  },
  'CVL-S002': {
    title: 'no images where the input points',
    cause: 'The directory or file is not there, the glob matches nothing, or no file has the extension of an image.',
    remedy: 'Check the path; those of options are relative to the working directory, those of a config to its file.',
  },
  'CVL-S003': {
    title: 'an input cannot be read',
    cause: 'The system refuses: permissions, a broken link, a network drive that is gone.',
    remedy: 'Check the permissions of the path that the line names.',
  },
  'CVL-S004': {
    title: 'an input of the wrong kind',
    cause: 'A directory stands beside a single file, a device or socket in place of an image, or a path is empty.',
    remedy: 'Give directories (or globs) for both sides, or one file for both.',
  },
  'CVL-S005': {
    title: 'entries that are no usable files',
    cause: 'Broken links, unreadable files and names that are no text are not skipped silently.',
    remedy: 'Repair or remove them, or name the files that are meant in a manifest (`--pairs`).',
  },
  'CVL-S006': {
    title: 'a match pattern that cannot be used',
    cause:
      'A pattern holds `{key}` once, for a role that is a directory; `{class}` is for predictions of several classes.',
    remedy: "Write `--match pred='{key}_sr'`; with a manifest, remove the pattern.",
  },
  'CVL-S007': {
    title: 'no file fits the match pattern',
    cause: 'The pattern describes names below the directory, without the extension unless it is written.',
    remedy: 'Compare the pattern with the name that the line shows.',
  },
  'CVL-S008': {
    title: 'a search that would not end',
    cause: 'Links lead in circles, or the braces of a glob stand for very many patterns.',
    remedy: 'Remove the circle, use `*` in place of braces, or list the files in a manifest.',
  },
  'CVL-S009': {
    title: 'keys that differ only by case',
    cause: 'This file system does not tell `A.png` from `a.png`, so a report could not either.',
    remedy: 'Rename one of each pair.',
  },
  'CVL-S010': {
    title: 'the manifest cannot be read',
    cause: 'The file is missing, not a regular file, not UTF-8, or a JSON array.',
    remedy: 'Save it as CSV with a header, or as JSONL with one object a line; `--pairs -` reads standard input.',
  },
  'CVL-S011': {
    title: 'a malformed line in the manifest',
    cause:
      'A row has another number of cells than the header, a quote is not closed, or a line is no JSON object of texts.',
    remedy: 'Correct the line that the message names.',
  },
  'CVL-S012': {
    title: 'a manifest without usable rows',
    cause: 'It has a header alone, or no row has a file for every role.',
    remedy: 'Add rows, or fill the columns of the roles that the losses read.',
  },
  'CVL-S013': {
    title: 'rows of the manifest that lack a file',
    cause: 'A cell is empty for a role that a loss needs.',
    remedy: 'Fill the cell, remove the row, or leave such rows out with `--allow-missing`.',
  },
  'CVL-S014': {
    title: 'a key in several rows of the manifest',
    cause: 'Rows are named by their key, which is the path of the first file unless a column `key` says it.',
    remedy: 'Give each row a key of its own in the column `key`.',
  },
  'CVL-S015': {
    title: 'an unknown column in the manifest',
    cause:
      'Columns are `key`, the roles that the losses read, and what `--group-by` names; no other is ignored silently.',
    remedy: 'Rename or remove the column, or use it with `--group-by`.',
  },
  'CVL-S016': {
    title: 'a role that is given in two ways',
    cause: 'A manifest names the files of a role, and an option gives the role as well.',
    remedy: 'Remove the column or the option; beside a manifest, one file may serve every sample.',
  },
  'CVL-S017': {
    title: 'group_by names nothing that groups',
    cause: 'Groups are made by `{dir}` (the folder of the key) or by a column of a manifest.',
    remedy: "Write `--group-by '{dir}'`, or the name of a column.",
  },
  'CVL-S018': {
    title: 'one set of predictions where a series is meant, or the other way round',
    cause: '`evaluate` scores one set, `evaluateSeries` several sets against one target.',
    remedy: 'Call the other function, or change `series` and `inputs.pred`.',
  },
  'CVL-S019': {
    title: 'no image can be used',
    cause: 'All images of a set that a model was to see failed; the line says why the first did.',
    remedy: 'Correct what is said of the first; the others mostly have the same fault.',
  },
} satisfies Messages;
