import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {UsageError} from '../../src/errors.js';
import type {SourceFile} from '../../src/vectors/source-file.js';

export const signal: AbortSignal = new AbortController().signal;

/** A folder of the running test, removed when it ends. */
export class Scratch {
  readonly root = mkdtempSync(join(tmpdir(), 'cv-loss-vectors-'));

  constructor() {
    onTestFinished(() => rmSync(this.root, {recursive: true, force: true}));
  }

  /** Writes a file; messages name it as it is named here. */
  write(name: string, content: string | Uint8Array): SourceFile {
    const path = join(this.root, name);
    writeFileSync(path, content);
    return {path, name};
  }
}

/** The SHA-256 of a file, in hex. */
export function sha256Of({path}: SourceFile): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** What an array holds; values in the order in which they are stored. */
export interface Stored {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly fortran?: boolean;
}

const WRITERS: Readonly<Record<string, (view: DataView, at: number, value: number, little: boolean) => void>> = {
  f8: (view, at, value, little) => view.setFloat64(at, value, little),
  f4: (view, at, value, little) => view.setFloat32(at, value, little),
  f2: (view, at, value, little) => view.setUint16(at, half(value), little),
  i4: (view, at, value, little) => view.setInt32(at, value, little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  u1: (view, at, value) => view.setUint8(at, value),
};

/** Bytes of an NPY file, version 1. */
export function npy({descr, shape, values, fortran = false}: Stored): Buffer {
  const [order = '', ...type] = descr;
  const size = Number(type[1]);
  const write = WRITERS[type.join('')];
  if (!write) throw new Error(`no writer for ${descr}`);
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${list}), }`;
  const header = dictionary.padEnd(117, ' ').concat('\n');
  const bytes = Buffer.alloc(10 + header.length + size * values.length);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, 10, 'latin1');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  values.forEach((value, i) => {
    write(view, 10 + header.length + size * i, value, order !== '>');
  });
  return bytes;
}

/** binary16 of numbers of few bits: normal ones and zero. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
}

/** The message of the UsageError that a promise must reject with. */
export async function mistake(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('expected a UsageError, nothing was thrown');
}
