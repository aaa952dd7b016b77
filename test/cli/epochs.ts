import {readdirSync, readFileSync} from 'node:fs';
import type {SeriesReport} from 'cv-loss';
import sharp from 'sharp';
import {fixture, type Workspace} from './workspace.js';

/** The keys of the photographs. */
export const PHOTOS = ['000', '003', '007'];

/** By epoch, the JPEG quality of its predictions; ten is the best, and neither the first nor the last. */
const QUALITIES = {1: 5, 2: 25, 10: 95, 11: 60};

/** The names of the sets, in natural order. */
export const EPOCHS = Object.keys(QUALITIES).map((epoch) => `epoch-${epoch}`);

/** Scores them. */
export const SERIES = ['eval', '--series', 'runs/epoch-*/out', '--target', 'truth'];

/** Writes photographs as `truth`, and compressed as the outputs of four epochs in `runs`. */
export async function writeEpochs(work: Workspace): Promise<void> {
  for (const key of PHOTOS) {
    const photo = sharp(fixture('photos', 'target', `${key}.png`)).resize(96, 80);
    const truth = await photo.png().toBuffer();
    work.write(`truth/${key}.png`, truth);
    for (const [epoch, quality] of Object.entries(QUALITIES)) {
      const pressed = await sharp(truth).jpeg({quality}).toBuffer();
      work.write(`runs/epoch-${epoch}/out/${key}.png`, await sharp(pressed).png().toBuffer());
    }
  }
}

/** A report's series.json. */
export function seriesOf(work: Workspace, report = 'cv-loss-report'): SeriesReport {
  return work.json(report, 'series.json') as SeriesReport;
}

/** The best sets by column. */
export function bestOf({columns}: SeriesReport): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(columns.filter(({better}) => better !== 'none').map(({name, best}) => [name, best]));
}

/** Every file below a folder of the workspace with its bytes, timings apart. */
export function contentsOf(work: Workspace, folder: string): Record<string, string> {
  const entries = readdirSync(work.path(folder), {recursive: true, withFileTypes: true});
  const names = entries
    .filter((entry) => entry.isFile() && entry.name !== 'timing.json')
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(work.path(folder).length + 1));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(work.path(folder, name), 'latin1')]));
}
