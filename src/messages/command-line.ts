import type {Messages} from './message.js';

/** Commands, options and arguments as they were typed. */
export const commandLine = {
  'CVL-A001': {
    title: 'unknown command',
    cause: 'The first word is no command of cv-loss, or the word behind a command such as `models` is none of its own.',
    remedy: '`cv-loss help` lists the commands, `cv-loss help models` those of a command.',
  },
  'CVL-A002': {
    title: 'unknown option',
    cause: 'The command has no such option. Options of another command, and those of a newer version, are unknown too.',
    remedy:
      '`cv-loss help eval` lists the options of a command; a config key without an option is set by `--set key=value`.',
  },
  'CVL-A003': {
    title: 'an argument, an option or its value is missing',
    cause: 'The command needs an argument that was not given, or an option stands without the value that it takes.',
    remedy: '`cv-loss help COMMAND` shows what is needed: `<name>` must be given, `[name]` may be left out.',
  },
  'CVL-A004': {
    title: 'too many arguments',
    cause: 'Often the shell has expanded a glob (`--pred out/*.png` becomes many words), or a list has spaces.',
    remedy: "Quote globs (`'out/*.png'`) and join lists with commas (`--losses mse,ssim`).",
  },
  'CVL-A005': {
    title: 'an option or argument has a value that it does not take',
    cause: 'The value is not one of the choices, not a number, or out of its bounds.',
    remedy: 'The line says what was expected; `cv-loss help COMMAND` describes each option.',
  },
  'CVL-A006': {
    title: 'options that do not go together',
    cause: 'Two options exclude each other, or one has a meaning only beside another.',
    remedy: 'Leave out the option that the line names, or give the one that it asks for.',
  },
  'CVL-A007': {
    title: 'an option that this kind of run has no use for',
    cause:
      'The option belongs to runs of another kind: shards to tasks of images, others to a single set of predictions.',
    remedy: 'Leave the option out, or score the sets one by one.',
  },
  'CVL-A008': {
    title: 'a shard that there is not',
    cause: '`--shard` takes I/N: the number of the shard, from 1, and how many there are.',
    remedy:
      'Write `--shard 1/16` to `--shard 16/16`. Where a scheduler counts from 0, add 1: `--shard $((TASK + 1))/16`.',
  },
  'CVL-A009': {
    title: 'init cannot tell which folder is which',
    cause: 'No folder is named as predictions and targets usually are (out, pred, gt, truth …), or several are.',
    remedy: 'Name both: `cv-loss init --pred out/ --target truth/`.',
  },
  'CVL-A010': {
    title: 'init would overwrite a file',
    cause: 'A config of that name is there already, and is not replaced unasked.',
    remedy: '`--force` overwrites it, `--output NAME` writes another file.',
  },
  'CVL-A011': {
    title: 'a question was not answered',
    cause: 'The standard input ended, or an answer was empty, before all was said that is needed.',
    remedy:
      'Give the answers as options (`--pred`, `--target`, `--match`), and `--yes` for the rest; scripts have nobody to ask.',
  },
  'CVL-A012': {
    title: 'no message has that code',
    cause: '`cv-loss explain` was asked for a code or reason that this version does not print.',
    remedy: '`cv-loss explain` lists all of them.',
  },
  'CVL-A013': {
    title: 'the step summary of GitHub cannot be written',
    cause: '`--github` adds a table to the file that GITHUB_STEP_SUMMARY names, and the file cannot be opened.',
    remedy: 'Unset GITHUB_STEP_SUMMARY, or let it name a file that this user may write.',
  },
} satisfies Messages;
