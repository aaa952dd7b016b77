import {relative, resolve} from 'node:path';
import {UsageError} from '../errors.js';
import {EXPECTED_NAMES, type Guess, guessInputs} from '../init/guess.js';
import {isTaken} from '../init/place.js';
import {printable} from '../printable.js';
import type {InitFlags} from './init.js';
import type {Questions} from './questions.js';

const FLAGS = 'give --pred and --target';

/** Throws UsageError when something lies at the config's path that may not be overwritten; asks if there is somebody. */
export async function mayWrite(path: string, {output, force}: InitFlags, questions: Questions | null): Promise<void> {
  if (!(await isTaken(path)) || force) return;
  const name = printable(output);
  if (!questions)
    throw new UsageError('CVL-A010', `${name} is there already; overwrite it with --force, or give --output`);
  if (!(await questions.confirm(`${name} is there already; overwrite it?`)))
    throw new UsageError('CVL-A010', `${name} is left as it was`);
}

/** The two sides, absolute: as given, as answered, or as the names of folders suggest. Throws UsageError without them. */
export async function chooseInputs(
  folder: string | undefined,
  flags: InitFlags,
  questions: Questions | null,
): Promise<Guess> {
  const {pred, target} = flags;
  if (pred !== undefined && target !== undefined) {
    if (folder !== undefined)
      throw new UsageError('CVL-A006', 'expected a folder to look in, or --pred and --target, not both');
    return {pred: resolve(pred), target: resolve(target)};
  }
  const guesses = (await guessInputs(resolve(folder ?? '.'))).filter((guess) => fits(guess, flags));
  if (questions) {
    return {
      pred: resolve(pred ?? (await answer(questions, 'predictions', guesses[0]?.pred))),
      target: resolve(target ?? (await answer(questions, 'ground truth', guesses[0]?.target))),
    };
  }
  return onlyGuess(guesses, folder, flags);
}

/** Whether a guess holds what was given of the two sides. */
function fits(guess: Guess, {pred, target}: InitFlags): boolean {
  return (
    (pred === undefined || resolve(pred) === guess.pred) && (target === undefined || resolve(target) === guess.target)
  );
}

async function answer(questions: Questions, what: string, suggestion: string | undefined): Promise<string> {
  const text = await questions.ask(`${what}, a folder or a glob`, suggestion && shown(suggestion));
  if (text === '') throw new UsageError('CVL-A011', `nothing was given for the ${what}`);
  return text;
}

function onlyGuess(guesses: readonly Guess[], folder: string | undefined, {pred, target, yes}: InitFlags): Guess {
  const [guess, ...others] = guesses;
  if (!guess) {
    const given = pred ?? target;
    const lacking =
      pred === undefined && target === undefined ? FLAGS : `give ${pred === undefined ? '--pred' : '--target'}`;
    const where = printable(folder ?? 'this folder');
    const beside = given === undefined ? '' : ` beside ${printable(given)}`;
    throw new UsageError(
      'CVL-A009',
      `no folders in ${where} say by their names which is which${beside} (${EXPECTED_NAMES}); ${lacking}`,
    );
  }
  if (others.length > 0)
    throw new UsageError('CVL-A009', `several folders may be meant: ${guesses.map(pairText).join('; ')}; ${FLAGS}`);
  if (!yes) throw new UsageError('CVL-A009', `found ${pairText(guess)}; take them with --yes, or ${FLAGS}`);
  return guess;
}

function pairText({pred, target}: Guess): string {
  return `${shown(pred)} and ${shown(target)}`;
}

function shown(path: string): string {
  return printable(relative('.', path) || '.');
}
