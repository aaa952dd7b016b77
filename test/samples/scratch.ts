import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';
import {UsageError} from '../../src/errors.js';
import {gatherSamples, type SampleSources} from '../../src/samples/gather.js';

/** A real folder of its own for the running test, removed when it ends. */
export class Scratch {
  readonly root = realpathSync(mkdtempSync(path.join(tmpdir(), 'cv-loss-samples-')));

  constructor() {
    // rm copes with paths longer than the system takes in one piece.
    onTestFinished(() => void execFileSync('rm', ['-rf', this.root]));
  }

  path(...names: string[]): string {
    return path.join(this.root, ...names);
  }

  /** Makes files (by default empty), and the folders above them. */
  files(folder: string, names: readonly string[], text = ''): string {
    const directory = this.path(folder);
    mkdirSync(directory, {recursive: true});
    for (const name of names) {
      const file = path.join(directory, name);
      mkdirSync(path.dirname(file), {recursive: true});
      writeFileSync(file, text);
    }
    return directory;
  }

  /** Makes a FIFO, which hangs whoever opens it. */
  fifo(name: string): string {
    const file = this.path(name);
    execFileSync('sh', ['-c', 'command mkfifo "$0"', file]);
    return file;
  }

  write(name: string, text: string | Uint8Array): string {
    writeFileSync(this.path(name), text);
    return this.path(name);
  }
}

/** `gatherSamples` for a prediction and a target, with the rest as a plain run has it. */
export async function gather(sources: Partial<SampleSources>) {
  const table = await gatherSamples({
    inputs: {},
    match: {},
    pairs: null,
    allowMissing: false,
    requiredRoles: ['pred', 'target'],
    optionalRoles: ['weight', 'ignore'],
    classes: null,
    sets: null,
    groupBy: null,
    ...sources,
  });
  return {...table, samples: [...table.samples]};
}

/** The message of the UsageError that gathering ends in, which is one printable line. */
export async function refusal(sources: Partial<SampleSources>): Promise<string> {
  const error = await gather(sources).then(
    (table) => new Error(`expected a UsageError, got ${table.samples.length} samples`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) {
    throw error;
  }
  if (/\p{Cc}/u.test(error.message)) {
    throw new Error(`a control character in ${JSON.stringify(error.message)}`);
  }
  return error.message;
}

/** The keys of the samples that gathering gives. */
export async function keys(sources: Partial<SampleSources>): Promise<string[]> {
  return (await gather(sources)).samples.map(({key}) => key);
}
