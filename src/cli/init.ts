import {dirname, join, relative, resolve} from 'node:path';
import {Command} from 'commander';
import type {Guess} from '../init/guess.js';
import type {FoundPlace} from '../init/place.js';
import {printable} from '../printable.js';
import {collectPairs} from './eval.js';
import {canAsk, Questions} from './questions.js';
import {Interrupted} from './signals.js';
import {log, print} from './streams.js';

/** The flags of `init`, as commander hands them over. */
export interface InitFlags {
  readonly pred?: string;
  readonly target?: string;
  readonly match?: readonly [string, string][];
  readonly output: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** `cv-loss init`: looks at the folders, says what it saw, and writes a commented config. */
export function initCommand(): Command {
  return new Command('init')
    .description('look at your folders and write a commented cv-loss.yaml for them')
    .argument('[folder]', 'where to look for folders such as out and truth (default: the working directory)')
    .option('--pred <path>', 'predictions: a directory, a glob, or one file')
    .option('--target <path>', 'ground truth: a directory, a glob, or one file')
    .option('--match <role=pattern>', 'how file names hold the key: pred="{key}_sr"; repeats', collectPairs)
    .option('--output <file>', 'the config to write; - is standard output', 'cv-loss.yaml')
    .option('--yes', 'take the folders that were found and ask nothing')
    .option('--force', 'overwrite a config that is there')
    .addHelpText(
      'after',
      `
Examples:
  cv-loss init
  cv-loss init --yes
  cv-loss init data/ --yes --output -
  cv-loss init --pred out/ --target truth/ --output configs/photos.yaml
  cv-loss init --pred out/ --target truth/ --match 'pred={key}_sr' --force`,
    )
    .action(runInit);
}

async function runInit(folder: string | undefined, flags: InitFlags): Promise<void> {
  try {
    await init(folder, flags);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    log('cv-loss: interrupted; nothing was written');
    process.exitCode = error.exitCode;
  }
}

async function init(folder: string | undefined, flags: InitFlags): Promise<void> {
  const {chooseInputs, mayWrite} = await import('./init-choices.js');
  const [{survey}, {seenLines}, {configText}, {findPlace, writeConfig}] = await Promise.all([
    import('../init/survey.js'),
    import('../init/seen.js'),
    import('../init/config-text.js'),
    import('../init/place.js'),
  ]);
  const path = flags.output === '-' ? null : resolve(flags.output);
  const questions = !flags.yes && canAsk() ? new Questions() : null;
  let inputs: Guess;
  try {
    if (path !== null) await mayWrite(path, flags, questions);
    inputs = await chooseInputs(folder, flags, questions);
  } finally {
    questions?.close();
  }
  const seen = await survey({inputs, match: Object.fromEntries(flags.match ?? [])});
  for (const line of seenLines(seen)) log(line);
  const place = await findPlace(path === null ? resolve('.') : dirname(path));
  const text = configText(seen, place);
  if (path === null) print(text);
  else await writeConfig(path, text);
  for (const line of nextSteps(path, place)) log(line);
}

function nextSteps(path: string | null, {folder, schema, hasSchema}: FoundPlace): string[] {
  const shown = (file: string) => printable(relative('.', file));
  return [
    ...(path === null ? [] : [`wrote ${shown(path)}; next: cv-loss eval${flagFor(path)}`]),
    ...(hasSchema ? [] : [`for completion in editors: cv-loss schema > ${shown(join(folder, schema))}`]),
  ];
}

/** What eval needs to take a config: nothing for one that it finds. */
function flagFor(path: string): string {
  return path === resolve('cv-loss.yaml') ? '' : ` --config ${printable(relative('.', path))}`;
}
