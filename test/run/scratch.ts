import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import sharp from 'sharp';
import {onTestFinished} from 'vitest';
import type {ImageOptions} from '../../src/images/decode.js';

/** How files are decoded where a test is about something else. */
export const IMAGE: ImageOptions = {
  color: 'auto',
  alpha: 'error',
  orient: true,
  icc: 'ignore',
  page: null,
  maxPixels: 64_000_000,
  palette: null,
};

/** What an image holds: 8 bits a channel, 1 or 3 channels. */
export interface Pixels {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly values: ArrayLike<number>;
}

/** A folder of the running test, removed when it ends. */
export class Scratch {
  readonly root = mkdtempSync(join(tmpdir(), 'cv-loss-run-'));

  constructor() {
    onTestFinished(() => rmSync(this.root, {recursive: true, force: true}));
  }

  /** Writes a PNG and returns its path. */
  async png(name: string, {height, width, channels, values}: Pixels): Promise<string> {
    const image = sharp(Uint8Array.from(values), {raw: {height, width, channels}});
    return this.write(name, await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer());
  }

  write(name: string, bytes: Uint8Array | string): string {
    const path = join(this.root, name);
    writeFileSync(path, bytes);
    return path;
  }
}

/** An image of one channel in which every pixel has the value. */
export function flat(height: number, width: number, value: number): Pixels {
  return {height, width, channels: 1, values: new Array<number>(height * width).fill(value)};
}

/** The SHA-256 of a file, in hex. */
export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
