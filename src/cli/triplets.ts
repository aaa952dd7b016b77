import {Command, InvalidArgumentError, Option} from 'commander';
import type {TripletsInput} from '../triplets.js';
import {
  KEEPS,
  type Keep,
  STRATEGIES,
  type Strategy,
  TRIPLET_MEASURES,
  type TripletMeasure,
} from '../tuples/mining/strategy.js';
import {exitWith} from './exit.js';
import {OutputClosed, printPiece} from './print-piece.js';
import {makeProgress} from './progress.js';
import {Interrupted, interruption} from './signals.js';
import {log, print} from './streams.js';
import {tripletNotices, tripletsLine} from './triplets-text.js';

/** The flags of `triplets`. */
interface TripletFlags {
  readonly embeddings: string;
  readonly labels?: string;
  readonly strategy: Strategy;
  readonly margin: number;
  readonly distance: TripletMeasure;
  readonly normalize: boolean;
  readonly perPair?: number;
  readonly perAnchor?: number;
  readonly count?: number;
  readonly keep?: Keep;
  readonly seed: number;
  readonly out: string;
  readonly quiet?: boolean;
}

/** `cv-loss triplets`: mines triplets of embeddings into a manifest. */
export function tripletsCommand(): Command {
  return new Command('triplets')
    .description('mine triplets of embeddings into a CSV that a loss reads as tuples')
    .requiredOption('--embeddings <file>', 'vectors: NPY, NPZ, or CSV key,label,v0,v1,…')
    .option('--labels <file>', 'whose vector each is: CSV index,label or key,label; or folder, the folder of the key')
    .addOption(
      new Option('--strategy <name>', 'which negatives of an anchor and a positive')
        .choices(STRATEGIES)
        .default('semi-hard'),
    )
    .option('--margin <number>', 'of semi-hard: d_ap < d_an < d_ap + margin', notNegative, 0.2)
    .addOption(new Option('--distance <measure>', 'of d_ap and d_an').choices(TRIPLET_MEASURES).default('squared-l2'))
    .option('--no-normalize', 'take vectors as they are, not divided by their length')
    .option(
      '--per-pair <n>',
      'at most n negatives of an anchor and a positive (default: 1 where they are drawn)',
      positive,
    )
    .option('--per-anchor <n>', 'at most n triplets of an anchor', positive)
    .option('--count <n>', 'at most n triplets in all', positive)
    .addOption(
      new Option(
        '--keep <which>',
        'which triplets a limit keeps: hardest, the smallest d_an - d_ap (default), or random (default where negatives are drawn)',
      ).choices(KEEPS),
    )
    .option('--seed <n>', 'of whatever is drawn', seed, 0)
    .option('--out <file>', 'where the triplets go; - is standard output', 'triplets.csv')
    .option('--quiet', 'print no summary and no progress')
    .addHelpText('after', HELP)
    .action(runTriplets);
}

const HELP = `
Strategies, for each anchor and each positive (another item of its label):
  all                every item of another label
  random             negatives drawn evenly
  hard               d_an <= d_ap
  semi-hard          d_ap < d_an < d_ap + margin (FaceNet)
  distance-weighted  negatives drawn by 1/q(d), clipped at d = 0.5, none from 1.4 on (Wu et al. 2017)

Examples:
  cv-loss triplets --embeddings faces.npy --labels labels.csv
  cv-loss triplets --embeddings faces.npy --labels labels.csv --per-pair 1 --keep random --seed 7
  cv-loss triplets --embeddings faces.npy --labels labels.csv --strategy distance-weighted --out weighted.csv
  cv-loss triplets --embeddings faces.npy --labels labels.csv --strategy all --per-anchor 1 --out batch-hard.csv`;

async function runTriplets(flags: TripletFlags): Promise<void> {
  const {quiet = false, out} = flags;
  const progress = await makeProgress('mining', quiet || out === '-');
  const stop = interruption();
  try {
    const {tripletSettings, writeTriplets} = await import('../triplets.js');
    const input = inputOf(flags);
    const count = await writeTriplets(input, {
      out: out === '-' ? printPiece : out,
      signal: stop.signal,
      onStart: ({anchors}) => {
        stop.begin();
        progress.start(anchors, 'anchors');
      },
      onAnchor: () => progress.step(),
      onNotice: (line) => progress.log(`cv-loss: ${line}`),
    });
    progress.stop();
    const settings = tripletSettings(input);
    for (const line of tripletNotices(count, settings)) log(`cv-loss: ${line}`);
    const say = out === '-' ? log : print;
    if (!quiet) say(tripletsLine(count, settings, out));
  } catch (error) {
    progress.stop();
    endWith(error, out);
  } finally {
    stop.release();
  }
}

function endWith(error: unknown, out: string): void {
  if (error instanceof OutputClosed) return;
  if (error instanceof Interrupted) {
    log(out === '-' ? 'cv-loss: interrupted' : `cv-loss: ${error.message}`);
    process.exitCode = error.exitCode;
  } else exitWith(error);
}

function inputOf(flags: TripletFlags): TripletsInput {
  const {perPair, perAnchor, out: _out, quiet: _quiet, ...others} = flags;
  return {...others, per_pair: perPair, per_anchor: perAnchor};
}

function notNegative(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number) || number < 0)
    throw new InvalidArgumentError('Expected a number from 0 on.');
  return number;
}

function positive(value: string): number {
  if (!/^\d{1,15}$/.test(value) || Number(value) === 0)
    throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return Number(value);
}

function seed(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) >= 2 ** 32)
    throw new InvalidArgumentError('Expected a whole number below 2^32.');
  return Number(value);
}
