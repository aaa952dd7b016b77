import {fileURLToPath} from 'node:url';
import {afterAll, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {readPng} from '../png.js';
import {type Pixels, Workspace} from './workspace.js';

/** An embedder of faces (HSE FaceRes, a MobileNet), as a package ships it: a graph model with three outputs. */
const MODEL = fileURLToPath(new URL('../../node_modules/@vladmandic/human/models/faceres.json', import.meta.url));

const SUBJECTS = ['000', '003', '006', '009'];

const work = new Workspace(afterAll);

/** A square of a photograph, brighter by a factor, left and right exchanged where `flip` is set. */
async function variant(
  name: string,
  [top, left, size]: readonly [number, number, number],
  gain: number,
  flip: boolean,
): Promise<Pixels> {
  const {data, width} = await readPng(new URL(`../../fixtures/photos/target/${name}.png`, import.meta.url));
  const out = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) {
        const from = ((top + y) * width + left + (flip ? size - 1 - x : x)) * 3 + c;
        out[(y * size + x) * 3 + c] = Math.min(255, Math.round((data[from] as number) * gain));
      }
    }
  }
  return {data: out, height: size, width: size, channels: 3};
}

/** The vectors that were kept, with the subject of each. */
function savedVectors(): {subject: string; vector: number[]}[] {
  const lines = work.read('kept.csv').trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const [, subject = '', ...values] = line.split(',');
    return {subject, vector: values.map(Number)};
  });
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('a model that a package ships: pictures of one subject are nearer than those of others', async () => {
  for (const name of SUBJECTS) {
    await work.image(`images/${name}/plain.png`, await variant(name, [60, 60, 400], 1, false));
    await work.image(`images/${name}/darker.png`, await variant(name, [70, 52, 400], 0.9, false));
    await work.image(`images/${name}/flipped.png`, await variant(name, [64, 68, 380], 1, true));
  }
  const embeddings = {model: MODEL, images: 'images', labels: 'folder', range: [0, 255]};
  const losses = [{type: 'triplet', distance: 'cosine', recall_at: [1, 2]}];
  work.write('cv-loss.json', JSON.stringify({embeddings, losses}));

  const unnamed = await work.run(['eval']);
  expect(unnamed).toMatchObject({code: 2, stdout: ''});
  expect(unnamed.stderr).toMatch(
    /^cv-loss: model \S*faceres\.json has 3 outputs \([^\n]*global_pooling\/Mean[^\n]*\); say which: output: NAME\n$/,
  );

  const flags = ['--set', 'embeddings.output=global_pooling/Mean', '--save-embeddings', 'kept.csv', '--quiet'];
  expect(await work.run(['eval', ...flags])).toEqual({code: 0, stdout: '', stderr: ''});
  const all = savedVectors();
  expect(all.map(({subject}) => subject)).toEqual(SUBJECTS.flatMap((name) => [name, name, name]));
  for (const {subject, vector} of all) {
    expect(vector).toHaveLength(1024);
    const others = all.filter((other) => other.vector !== vector);
    const nearest = others.reduce((best, other) =>
      cosine(vector, other.vector) > cosine(vector, best.vector) ? other : best,
    );
    expect(nearest.subject).toBe(subject);
  }
  const {summary} = work.json('cv-loss-report', 'report.json') as Report;
  expect(summary.triplet).toMatchObject({count: 12 * 2 * 9, recall_at_k: {1: 1, 2: 1}});
});
