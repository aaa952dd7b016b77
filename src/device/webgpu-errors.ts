import {GPU_LOST} from './device.js';
import type {GpuDevice} from './webgpu-adapter.js';

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const;

/** By the device that they are of. */
const known = new WeakMap<GpuDevice, WebgpuErrors>();

/** The errors of a device, which all that use it have in common. */
export function webgpuErrors(device: GpuDevice): WebgpuErrors {
  const errors = known.get(device) ?? new WebgpuErrors(device);
  known.set(device, errors);
  return errors;
}

/** What a GPU says went wrong. A buffer over a limit is an error that nobody awaits, and reads as zeros. */
class WebgpuErrors {
  /** Errors of nobody, not told yet. */
  readonly #stray: string[] = [];
  #lost: string | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly device: GpuDevice) {
    device.addEventListener('uncapturederror', ({error}) => this.#stray.push(textOf(error)));
    device.lost.then(({message}) => {
      this.#lost = message;
    });
  }

  /**
   * Runs work, one at a time, and throws where the device reports an error of it, or one of before that nobody was told.
   * `OOM` begins the message of an error of memory.
   */
  checked<Value>(work: () => Promise<Value>): Promise<Value> {
    const checked = this.#turn.then(() => this.#scoped(work));
    this.#turn = checked.catch(() => undefined);
    return checked;
  }

  async #scoped<Value>(work: () => Promise<Value>): Promise<Value> {
    for (const filter of FILTERS) this.device.pushErrorScope(filter);
    let outcome: {readonly value: Value} | {readonly error: unknown};
    try {
      outcome = {value: await work()};
    } catch (error) {
      outcome = {error};
    }
    const problem = await this.#problem();
    if (problem !== null) throw new Error(problem, {cause: 'error' in outcome ? outcome.error : undefined});
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  async #problem(): Promise<string | null> {
    // Scopes end in the reverse order, and answer when all before them is known.
    const found = await Promise.all(
      FILTERS.map(async () => {
        const error = await this.device.popErrorScope();
        return error === null ? null : textOf(error);
      }),
    );
    const [first] = [...this.#stray.splice(0), ...found.filter((text) => text !== null)];
    if (this.#lost !== null) return `${GPU_LOST} (${this.#lost})`;
    return first ?? null;
  }
}

/** One line; the driver's advice on the lines after it is left out. */
function textOf({constructor: {name}, message}: {readonly message: string; readonly constructor: {name: string}}) {
  const [line = ''] = message.trim().split('\n');
  const isMemory = name === 'GPUOutOfMemoryError' || /exceeds? the max|larger than the maximum/i.test(line);
  return `${isMemory ? 'OOM: ' : ''}${line}`;
}
