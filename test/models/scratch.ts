import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {Raster} from '../../src/images/raster.js';
import type {ModelSpec} from '../../src/models/model.js';
import type {Files} from './small-model.js';

/** Writes files into a folder that lasts as long as the test, and gives its path. */
export function scratch(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'cv-loss-models-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A model of which the config says nothing more. */
export function spec(model: string, said: Partial<ModelSpec> = {}): ModelSpec {
  const open = {output: null, size: null, color: null, mean: null, std: null, range: null, layout: null};
  return {model, ...open, ...said};
}

/** An image of 8 bits with values spread over all of them. */
export function picture(seed: number, height = 8, width = 8, channels = 3): Raster {
  const data = Uint8Array.from(
    {length: height * width * channels},
    (_, i) => (i * 37 + seed * 101 + ((i * i) % 71)) % 256,
  );
  return {data, height, width, channels, maximum: 255};
}
