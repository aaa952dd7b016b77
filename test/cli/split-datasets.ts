import {npyFloats} from '../run/arrays.js';
import {flat, noise} from './pixels.js';
import type {Pixels, Workspace} from './workspace.js';

/** A dataset that takes a while, by a config in the workspace that names it. */
export interface SplitDataset {
  readonly config: string;
  readonly rows: number;
  /** The exit code of a run: 3 where rows fail, and then fail the same way every time. */
  readonly code: number;
  /** A target, which may be written over. */
  readonly target: string;
}

const SIDE = 16;

/** Three classes at random, brighter ones rarer. */
function labels(seed: number): Pixels {
  const {data, ...size} = noise(seed, SIDE, SIDE, 1);
  return {...size, data: data.map((level) => (level < 150 ? 0 : level < 230 ? 1 : 2))};
}

/** Probabilities of three classes, as NPY. */
function probabilities(seed: number): Uint8Array {
  const {data} = noise(seed, SIDE, SIDE, 3);
  const values = Array.from({length: SIDE * SIDE}, (_, pixel) => {
    const scores = [0, 1, 2].map((k) => 1 + (data[3 * pixel + k] as number));
    const sum = scores.reduce((a, b) => a + b);
    return scores.map((score) => score / sum);
  });
  return npyFloats([SIDE, SIDE, 3], values.flat());
}

/** Keys with letters, spaces, quotes and folders, in as many rows as asked for, made of a few files. */
function manifest(work: Workspace, name: string, rows: number, pair: (i: number) => readonly [string, string]): void {
  const folders = ['', 'day/', 'night/Zürich "b"/'];
  const lines = Array.from({length: rows}, (_, i) => {
    const key = `${folders[i % 3]}photo ${i}`;
    return [key, ...pair(i)].map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
  });
  work.write(name, `key,pred,target\n${lines.join('\n')}\n`);
}

/** Photographs: some are identical (an infinite psnr), too small for a window (undefined), of another size or broken (failed). */
export async function photoDataset(work: Workspace, rows: number): Promise<SplitDataset> {
  const kinds = 12;
  for (let i = 0; i < kinds; i++) {
    const target = noise(100 + i, SIDE, SIDE);
    await work.image(`photos/target/${i}.png`, i === 3 ? flat(9, 8, 8) : target);
    await work.image(`photos/pred/${i}.png`, i === 3 ? noise(3, 8, 8) : i === 4 ? target : noise(i, SIDE, SIDE));
  }
  await work.image('photos/pred/5.png', noise(5, SIDE, 9));
  work.write('photos/pred/6.png', 'no image');
  manifest(work, 'photos.csv', rows, (i) => [`photos/pred/${i % kinds}.png`, `photos/target/${i % kinds}.png`]);
  const losses = [{type: 'mse', weight: 2}, 'psnr', {type: 'ssim', color: 'luma8', weight: 0.5}];
  const config = {pairs: 'photos.csv', group_by: '{dir}', losses, batch_size: 16, gates: {mse: {mean: {max: 1}}}};
  work.write('photos.json', JSON.stringify(config));
  return {config: 'photos.json', rows, code: 3, target: 'photos/target/1.png'};
}

/** Probabilities against label maps: matrices, columns for each class, and weights that a first pass over all targets finds. */
export async function maskDataset(work: Workspace, rows: number): Promise<SplitDataset> {
  const kinds = 5;
  for (let i = 0; i < kinds; i++) {
    await work.image(`masks/target/${i}.png`, i === 3 ? flat(0, SIDE, SIDE, 1) : labels(i));
    work.write(`masks/pred/${i}.npy`, probabilities(50 + i));
  }
  manifest(work, 'masks.csv', rows, (i) => [`masks/pred/${i % kinds}.npy`, `masks/target/${i % kinds}.png`]);
  const weighted = {type: 'weighted-cross-entropy', class_weights: 'balanced', over: 'dataset', input: 'probabilities'};
  const losses = ['iou', 'dice', 'confusion', weighted];
  const classes = {0: 'road', 1: 'sky', 2: 'sign'};
  const config = {task: 'mask', pairs: 'masks.csv', classes, losses, batch_size: 8};
  work.write('masks.json', JSON.stringify(config));
  return {config: 'masks.json', rows, code: 0, target: 'masks/target/0.png'};
}

/** Photographs through a network. */
export async function networkDataset(work: Workspace, rows: number): Promise<SplitDataset> {
  for (const i of [0, 1, 2]) {
    await work.image(`seen/target/${i}.png`, noise(100 + i, 40, 36));
    await work.image(`seen/pred/${i}.png`, noise(i, 40, 36));
  }
  manifest(work, 'seen.csv', rows, (i) => [`seen/pred/${i % 3}.png`, `seen/target/${i % 3}.png`]);
  work.write('seen.json', JSON.stringify({pairs: 'seen.csv', losses: ['perceptual', 'mae'], batch_size: 2}));
  return {config: 'seen.json', rows, code: 0, target: 'seen/target/0.png'};
}

/** The arguments of a run over a dataset. */
export function runArgs({config}: SplitDataset, report: string, ...more: readonly string[]): string[] {
  return ['eval', '--config', config, '--quiet', '--report', report, ...more];
}
