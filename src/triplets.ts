import {relative, resolve, sep} from 'node:path';
import {UsageError} from './errors.js';
import {fastRowProducts} from './run/row-products.js';
import {seededBits} from './statistics/seeded-bits.js';
import {type Identities, identitiesOf} from './tuples/identities.js';
import {anchorsOf, mineTriplets} from './tuples/mining/mine.js';
import {kernelProducts, type MakeRowProducts} from './tuples/mining/row-products.js';
import type {MinedPair, MiningOptions} from './tuples/mining/strategy.js';
import {type EmbeddingSource, readEmbeddings} from './vectors/embeddings.js';
import {shown} from './vectors/source-file.js';
import {type TripletTable, tripletTable} from './vectors/triplet-table.js';

/** Where text goes piece by piece. */
interface TextSink {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
}

/** What is mined, and from where. */
export interface TripletRequest extends MiningOptions {
  /** Paths are relative to `cwd`. `labels`: a CSV, `folder`, or null where the vectors bring their labels. */
  readonly embeddings: string;
  readonly labels: string | null;
  readonly cwd: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** All is read and checked, and mining begins: opens what takes the text. */
  readonly open: (anchors: number) => Promise<TextSink>;
  readonly onAnchor?: () => void;
  readonly onNotice?: (line: string) => void;
}

/** How many there were. */
export interface TripletCount {
  readonly triplets: number;
  /** Items with a positive, and items without. */
  readonly anchors: number;
  readonly without: number;
  /** Anchors that no triplet is of. */
  readonly unused: number;
}

/** How long is mined before signals and timers get their turn. */
const TURN_MS = 50;
/** Text that is written at once, in characters. */
const PIECE = 2 ** 16;
/** Multiplications that the own kernel does in less time than a library takes to start. */
const FEW_PRODUCTS = 2e8;

/**
 * Mines triplets and writes them as CSV (`anchor,positive,negative,d_ap,d_an`), which a loss's `tuples` reads.
 * Throws UsageError for files that cannot be read, for labels that give no pair of one identity or of two, and for
 * vectors that the options cannot take; the signal's reason when aborted.
 */
export async function writeTriplets(request: TripletRequest): Promise<TripletCount> {
  const {signal, onNotice = () => undefined, onAnchor = () => undefined} = request;
  const {set} = await readEmbeddings(sourceOf(request), signal);
  const identities = checkedIdentities(set.labels, request.embeddings);
  const means = {bits: seededBits(request.seed), makeProducts: productsFor(onNotice)};
  const anchors = anchorsOf(identities).length;
  let writer: TripletWriter | null = null;
  let turn = performance.now() + TURN_MS;
  let turns = 0;
  for await (const pairs of mineTriplets(set, identities, request, means)) {
    // Only now vectors are known to fit.
    writer ??= new TripletWriter(await request.open(anchors), set.keys, signal);
    for (const pair of pairs) await writer.write(pair);
    if (turns++ < anchors) onAnchor();
    if (performance.now() < turn) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    turn = performance.now() + TURN_MS;
  }
  const {triplets, used} = (await writer?.end()) ?? {triplets: 0, used: 0};
  return {triplets, anchors, without: set.keys.length - anchors, unused: anchors - used};
}

/** Gathers lines to pieces, and counts them. */
class TripletWriter {
  private readonly table: TripletTable;
  private readonly used = new Set<number>();
  private text: string;
  private triplets = 0;

  constructor(
    private readonly sink: TextSink,
    keys: readonly string[],
    private readonly signal: AbortSignal,
  ) {
    this.table = tripletTable(keys);
    this.text = this.table.header;
  }

  async write(pair: MinedPair): Promise<void> {
    if (pair.negatives.length > 0) this.used.add(pair.anchor);
    this.triplets += pair.negatives.length;
    for (const row of this.table.rows(pair)) {
      this.text += row;
      if (this.text.length < PIECE) continue;
      await this.sink.write(this.text);
      this.text = '';
      this.signal.throwIfAborted();
    }
  }

  /** How many triplets there were, and of how many anchors. */
  async end(): Promise<{readonly triplets: number; readonly used: number}> {
    if (this.text !== '') await this.sink.write(this.text);
    return {triplets: this.triplets, used: this.used.size};
  }
}

function productsFor(onNotice: (line: string) => void): MakeRowProducts {
  return async (values, dimensions) => {
    const few = (values.length * values.length) / dimensions <= FEW_PRODUCTS;
    const fast = few ? null : await fastRowProducts(values, dimensions, onNotice);
    return fast ?? kernelProducts(values, dimensions);
  };
}

function sourceOf({embeddings, labels, cwd}: TripletRequest): EmbeddingSource {
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
      `${shown(embeddings)} has no labels, expected the identity of every item: give --labels FILE, or --labels folder where keys are paths`,
    );
  }
  const identities = identitiesOf(labels);
  const count = identities.members.length;
  if (count === 1) {
    throw new UsageError(
      `all ${labels.length} embeddings have the label '${shown(labels[0] ?? '')}', expected two labels or more: without another identity there is no negative`,
    );
  }
  if (count === labels.length) {
    throw new UsageError(
      `each of the ${count} embeddings has a label of its own, expected two of one identity somewhere: without them there is no positive`,
    );
  }
  return identities;
}
