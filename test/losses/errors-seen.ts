import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll} from 'vitest';
import type {Cell} from '../../src/rows/row.js';
import type {Tolerance} from './close.js';
import {TEST_DEVICE} from './device.js';

/** By loss, the worst relative error of this test file. */
const worst = new Map<string, number>();

/** Remembers how far a value is from its reference; below floor/relative, as a share of that. */
export function noteError(loss: string, cell: Cell | undefined, reference: number, {relative, floor}: Tolerance): void {
  if (typeof cell !== 'number' || !Number.isFinite(cell) || !Number.isFinite(reference)) return;
  const error = Math.abs(cell - reference) / Math.max(Math.abs(reference), floor / relative);
  worst.set(loss, Math.max(error, worst.get(loss) ?? 0));
}

const folder = process.env.CV_LOSS_ERRORS;
if (folder) {
  afterAll(() => {
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, `${TEST_DEVICE}-${process.pid}.json`), JSON.stringify(Object.fromEntries(worst)));
  });
}
