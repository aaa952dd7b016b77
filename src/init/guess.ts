import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** Folders that may hold the two sides of a dataset. */
export interface Guess {
  readonly pred: string;
  readonly target: string;
}

/** Names of folders, in lower case, `_` for `-` and blanks. */
const NAMES: Readonly<Record<keyof Guess, readonly string[]>> = {
  pred: [
    ...['pred', 'preds', 'predicted', 'prediction', 'predictions', 'out', 'output', 'outputs', 'result', 'results'],
    ...['sr', 'fake', 'generated', 'restored', 'reconstructed', 'denoised', 'prob', 'probs', 'probabilities'],
  ],
  target: [
    ...[
      'target',
      'targets',
      'truth',
      'gt',
      'ground_truth',
      'groundtruth',
      'label',
      'labels',
      'reference',
      'references',
    ],
    ...['ref', 'hr', 'original', 'originals', 'clean', 'real', 'mask', 'masks', 'annotations'],
  ],
};

/** What the names of folders are, for messages. */
export const EXPECTED_NAMES = 'one of pred, out, output, results, … beside one of target, truth, gt, labels, …';

/**
 * Every pair of folders that lie side by side in `folder`, or else in one of the folders in it, and whose names say
 * which holds predictions and which the truth. Throws UsageError when the folder cannot be read.
 */
export async function guessInputs(folder: string): Promise<Guess[]> {
  const names = await foldersIn(folder);
  const here = pairsIn(folder, names);
  if (here.length > 0) return here;
  const deeper = await Promise.all(
    names.map(async (name) => pairsIn(join(folder, name), await foldersIn(join(folder, name)).catch(() => []))),
  );
  return deeper.flat();
}

function pairsIn(folder: string, names: readonly string[]): Guess[] {
  const of = (role: keyof Guess) =>
    names.filter((name) => NAMES[role].includes(name.toLowerCase().replace(/[-\s]/g, '_')));
  return of('pred').flatMap((pred) =>
    of('target').map((target) => ({pred: join(folder, pred), target: join(folder, target)})),
  );
}

/** Names of the folders in a folder, sorted, links to folders among them; hidden and installed ones left out. */
async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, {withFileTypes: true});
    const names = await Promise.all(
      entries
        .filter(({name}) => !name.startsWith('.') && name !== 'node_modules')
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(async (entry) => (entry.isDirectory() || (await isFolder(join(folder, entry.name))) ? [entry.name] : [])),
    );
    return names.flat().sort();
  } catch (error) {
    const {code = 'unknown error'} = error as NodeJS.ErrnoException;
    throw new UsageError('CVL-S003', `cannot read the directory ${printable(folder)} (${code})`, {cause: error});
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
