import {Session} from 'node:inspector/promises';

/** What is looked at: the compiled sources, and the readers that they leave bytes to. */
const LOOKED_AT = /\/(dist|node_modules\/(yauzl|pbf|csv-parse|yaml))\//;

/** V8's own count of the blocks that ran, from which the fuzzer learns which inputs reach new code. */
export class Coverage {
  #session = new Session();
  #seen = new Set();

  /** Call it before the code that is watched is loaded. */
  async start() {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});
  }

  /** The blocks that ran since the last call and are new. Counts are told apart by their magnitude. Takes about 20 ms. */
  async newBlocks() {
    const {result} = await this.#session.post('Profiler.takePreciseCoverage');
    const found = new Set();
    for (const {url, functions} of result) {
      if (!LOOKED_AT.test(url)) continue;
      for (const {startOffset, endOffset, count} of functions.flatMap(({ranges}) => ranges)) {
        if (count > 0) found.add(`${url}:${startOffset}-${endOffset}:${Math.floor(Math.log2(count) / 3)}`);
      }
    }
    return [...found].filter((block) => !this.#seen.has(block));
  }

  /** From now on these are known. */
  learn(blocks) {
    for (const block of blocks) this.#seen.add(block);
  }

  get known() {
    return this.#seen.size;
  }
}
