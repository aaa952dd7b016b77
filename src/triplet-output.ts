import {resolve} from 'node:path';
import {openAtomicFile} from './storage/atomic-file.js';
import {unusablePlace} from './storage/storage-error.js';
import type {MinedPair} from './tuples/mining/strategy.js';
import {type TripletTable, tripletTable} from './vectors/triplet-table.js';

/** Where triplets go: a file, which appears whole or not at all, or what takes the text piece by piece and is waited for. */
export type TripletSink = string | ((text: string) => void | Promise<void>);

interface OpenSink {
  write(text: string): void | Promise<void>;
  commit(): Promise<void>;
  abandon(): Promise<void>;
}

/** Text that is written at once, in characters. */
const PIECE = 2 ** 16;

/** Triplets on their way out, gathered to pieces and counted. */
export class TripletOutput {
  private readonly table: TripletTable;
  private readonly used = new Set<number>();
  private sink: OpenSink | null = null;
  private text: string;
  private triplets = 0;

  constructor(
    private readonly out: TripletSink,
    keys: readonly string[],
    private readonly signal: AbortSignal,
  ) {
    this.table = tripletTable(keys);
    this.text = this.table.header;
  }

  /** Must come before all else. A path is relative to `cwd`. Throws UsageError for a place that takes no file. */
  async open(cwd: string | undefined): Promise<void> {
    const {out} = this;
    if (typeof out !== 'string') {
      this.sink = {write: out, async commit() {}, async abandon() {}};
      return;
    }
    this.sink = await openAtomicFile(cwd === undefined ? out : resolve(cwd, out)).catch((error: unknown) => {
      throw unusablePlace(error);
    });
  }

  async write(pair: MinedPair): Promise<void> {
    if (pair.negatives.length > 0) this.used.add(pair.anchor);
    this.triplets += pair.negatives.length;
    for (const row of this.table.rows(pair)) {
      this.text += row;
      if (this.text.length < PIECE) continue;
      await this.sink?.write(this.text);
      this.text = '';
      this.signal.throwIfAborted();
    }
  }

  /** All was written. Gives how many triplets there were, and of how many anchors. */
  async commit(): Promise<{readonly triplets: number; readonly used: number}> {
    if (this.text !== '') await this.sink?.write(this.text);
    await this.sink?.commit();
    return {triplets: this.triplets, used: this.used.size};
  }

  /** A file is thrown away. Never throws. */
  async abandon(): Promise<void> {
    await this.sink?.abandon();
  }
}
