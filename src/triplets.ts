import {relative, resolve, sep} from 'node:path';
import {UsageError} from './errors.js';
import {fastRowProducts} from './run/row-products.js';
import {seededBits} from './statistics/seeded-bits.js';
import {TripletOutput, type TripletSink} from './triplet-output.js';
import {type TripletSettings, type TripletsInput, tripletSettings} from './triplet-settings.js';
import {type Identities, identitiesOf} from './tuples/identities.js';
import {anchorsOf, mineTriplets} from './tuples/mining/mine.js';
import {kernelProducts, type MakeRowProducts} from './tuples/mining/row-products.js';
import {type EmbeddingSource, readEmbeddings} from './vectors/embeddings.js';
import {shown} from './vectors/source-file.js';

export type {TripletSink} from './triplet-output.js';
export {type TripletsInput, tripletSettings} from './triplet-settings.js';

/** Where triplets go, and what a caller may watch and stop. */
export interface WriteTripletsOptions {
  /** Where they are written. */
  readonly out: TripletSink;
  /** The folder that relative paths start from; the working directory by default. */
  readonly cwd?: string;
  /** Stops the run between two anchors: `writeTriplets` rejects with the signal's reason and an earlier file stays. */
  readonly signal?: AbortSignal;
  /** Called once, when the embeddings are read and before the file is opened. */
  readonly onStart?: (run: {readonly anchors: number}) => void;
  /** Called for every anchor that is done. */
  readonly onAnchor?: () => void;
  /** Called with a line for what is slower than it could be, its code at the end: `[CVL-W013]`. */
  readonly onNotice?: (line: string) => void;
}

/** How many triplets there were. */
export interface TripletCount {
  /** Triplets that were written. */
  readonly triplets: number;
  /** Items with a positive. */
  readonly anchors: number;
  /** Items without a positive. */
  readonly without: number;
  /** Anchors that no triplet is of. */
  readonly unused: number;
}

/** How long is mined before signals and timers get their turn. */
const TURN_MS = 50;
/** Multiplications that the own kernel does in less time than a library takes to start. */
const FEW_PRODUCTS = 2e8;

/**
 * Mines triplets and writes them as CSV (`anchor,positive,negative,d_ap,d_an`), which a loss's `tuples` reads.
 * Throws UsageError for files that cannot be read, for labels that give no pair of one identity or of two, and for
 * vectors that the options cannot take, and for a place that takes no file; RunError where writing fails; the signal's reason when aborted.
 */
export async function writeTriplets(input: TripletsInput, options: WriteTripletsOptions): Promise<TripletCount> {
  const {signal = new AbortController().signal, onNotice = () => undefined, cwd} = options;
  const settings = tripletSettings(input);
  const {set} = await readEmbeddings(sourceOf(settings, cwd ?? '.'), signal);
  const identities = checkedIdentities(set.labels, settings.embeddings);
  const means = {bits: seededBits(settings.seed), makeProducts: productsFor(onNotice)};
  const anchors = anchorsOf(identities).length;
  const output = new TripletOutput(options.out, set.keys, signal);
  let turn = performance.now() + TURN_MS;
  let turns = 0;
  try {
    for await (const pairs of mineTriplets(set, identities, settings, means)) {
      if (turns === 0) {
        // Only now vectors are known to fit.
        options.onStart?.({anchors});
        await output.open(cwd);
      }
      for (const pair of pairs) await output.write(pair);
      if (turns++ < anchors) options.onAnchor?.();
      if (performance.now() >= turn) {
        await new Promise((resume) => setTimeout(resume));
        turn = performance.now() + TURN_MS;
      }
      signal.throwIfAborted();
    }
    const {triplets, used} = await output.commit();
    return {triplets, anchors, without: set.keys.length - anchors, unused: anchors - used};
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

function productsFor(onNotice: (line: string) => void): MakeRowProducts {
  return async (values, dimensions) => {
    const few = (values.length * values.length) / dimensions <= FEW_PRODUCTS;
    const fast = few ? null : await fastRowProducts(values, dimensions, onNotice);
    return fast ?? kernelProducts(values, dimensions);
  };
}

function sourceOf({embeddings, labels}: TripletSettings, cwd: string): EmbeddingSource {
  const file = (path: string) => {
    const absolute = resolve(cwd, path);
    return {path: absolute, name: relative(resolve(cwd), absolute).split(sep).join('/')};
  };
  return {file: file(embeddings), labels: labels === null || labels === 'folder' ? labels : file(labels)};
}

/** Throws UsageError where there is no positive, or no negative. */
function checkedIdentities(labels: readonly string[] | null, embeddings: string): Identities {
  if (!labels) {
    throw new UsageError(
      'CVL-V006',
      `${shown(embeddings)} has no labels, expected the identity of every item: give --labels FILE, or --labels folder where keys are paths`,
    );
  }
  const identities = identitiesOf(labels);
  const count = identities.members.length;
  if (count === 1) {
    throw new UsageError(
      'CVL-V007',
      `all ${labels.length} embeddings have the label '${shown(labels[0] ?? '')}', expected two labels or more: without another identity there is no negative`,
    );
  }
  if (count === labels.length) {
    throw new UsageError(
      'CVL-V007',
      `each of the ${count} embeddings has a label of its own, expected two of one identity somewhere: without them there is no positive`,
    );
  }
  return identities;
}
