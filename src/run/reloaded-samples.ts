import {setImmediate} from 'node:timers/promises';
import {isSampleError, SampleError} from '../errors.js';
import {printable} from '../printable.js';
import type {DecodedSample} from './batch.js';
import type {ShownSample} from './shown-samples.js';
import type {Run} from './start.js';

/** Keys that a notice names. */
const NAMED = 5;

/** Decodes samples again that were scored before, and remembers which could not be. */
export class ReloadedSamples {
  private last: {readonly key: string; readonly decoded: Promise<DecodedSample>} | null = null;
  private readonly refused = new Map<string, Set<string>>();

  constructor(
    private readonly run: Pick<Run, 'load'>,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * The sample's images; the last one's are kept. Throws SampleError where a file cannot be read or is not the one that was
   * scored, and the signal's reason when aborted.
   */
  async decoded(sample: ShownSample): Promise<DecodedSample> {
    await setImmediate();
    this.signal?.throwIfAborted();
    if (this.last?.key !== sample.key) this.last = {key: sample.key, decoded: this.load(sample)};
    return this.last.decoded;
  }

  /** What is made of a sample's images; null, and a problem, where they cannot be had or it throws SampleError. */
  async unlessRefused<Made>(
    sample: ShownSample,
    make: (decoded: DecodedSample) => Promise<Made>,
  ): Promise<Made | null> {
    try {
      return await make(await this.decoded(sample));
    } catch (error) {
      if (!isSampleError(error)) throw error;
      this.refused.set(error.message, (this.refused.get(error.message) ?? new Set()).add(sample.key));
      return null;
    }
  }

  /** A line for each reason. */
  problems(): string[] {
    return [...this.refused].map(([message, keys]) => {
      const named = [...keys].slice(0, NAMED).map(printable).join(', ');
      const more = keys.size > NAMED ? ` and ${keys.size - NAMED} more` : '';
      return `no picture of ${named}${more}: ${message}`;
    });
  }

  private async load(sample: ShownSample): Promise<DecodedSample> {
    const loaded = await this.run.load(sample.at, {images: true});
    if ('failure' in loaded) throw loaded.failure;
    if (!('decoded' in loaded)) throw new TypeError('a sample that is drawn is loaded without its images');
    const changed = Object.keys(sample.sha256).filter((role) => loaded.sha256[role] !== sample.sha256[role]);
    if (changed.length === 0) return loaded.decoded;
    throw new SampleError('changed', `${changed.join(' and ')} changed after it was scored; score it again`);
  }
}
