import {readFileSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const VECTORS = fixture('embeddings', 'embeddings.npy');
const LABELS = fixture('embeddings', 'labels.csv');
const expected = JSON.parse(readFileSync(fixture('embeddings', 'expected.json'), 'utf8'));

/** Within 1e-6 of a reference value. */
function near(value: number) {
  return expect.closeTo(value, 6 - Math.floor(Math.log10(Math.abs(value))));
}

/** Runs a config that lies in the working directory, and gives its report. */
async function reportOf(name: string, config: string): Promise<Report> {
  work.write(`${name}/cv-loss.yaml`, config);
  const args = ['eval', '--config', `${name}/cv-loss.yaml`, '--report', `${name}/report`, '--quiet'];
  expect(await work.run(args)).toEqual({code: 0, stdout: '', stderr: ''});
  return work.json(name, 'report', 'report.json') as Report;
}

/** Three identities on a line: distances and losses by hand. */
const LINE = {
  'e.csv': 'key,label,v0\nann/1,ann,1\nann/2,ann,2\nbob/1,bob,4\n',
  't.csv': 'anchor,positive,negative\nann/1,ann/2,bob/1\nann/2,ann/1,bob/1\n',
};

function writeLine(folder: string): void {
  for (const [name, text] of Object.entries(LINE)) work.write(`${folder}/${name}`, text);
}

describe.concurrent('the reference values', () => {
  test('triplet, contrastive, InfoNCE, n-pair and cosine of one config', async () => {
    const {summary, inputs, counts, losses} = await reportOf(
      'reference',
      `
task: embedding
embeddings: {file: ${JSON.stringify(VECTORS)}, labels: ${JSON.stringify(LABELS)}}
losses:
  - {type: triplet, margin: 0.2, tuples: all}
  - {type: triplet, id: bare, distance: l2, clamp: false, margin: 0.2}
  - {type: contrastive, margin: 1.5, tuples: all}
  - {type: info-nce, temperature: 0.07}
  - n-pair
  - {type: cosine-embedding, margin: 0}
`,
    );
    const {triplet_all: triplet, contrastive_all_pairs: contrastive, recall_at: recall} = expected;
    expect(summary.triplet).toMatchObject({
      value: near(triplet.mean),
      count: triplet.count,
      active_fraction: near(triplet.active_fraction),
      mean_of_active: near(triplet.mean_of_active),
      hard: triplet.hard,
      semi_hard: triplet.semi_hard,
      easy: triplet.easy,
      recall_at_k: {1: near(recall[1]), 2: near(recall[2]), 4: near(recall[4])},
    });
    expect(summary.triplet?.value).toEqual(near(expected.pytorch_metric_learning.triplet_mean_all));
    expect(summary.bare).toMatchObject({value: near(expected.triplet_l2_unclamped.mean), count: triplet.count});
    expect(summary.contrastive).toMatchObject({
      value: near(contrastive.mean),
      count: contrastive.count,
      mean_same: near(contrastive.mean_same),
      mean_different: near(contrastive.mean_different),
    });
    expect(summary['info-nce']?.value).toEqual(near(expected.info_nce.mean_over_anchor_positive));
    expect(summary['n-pair']?.value).toEqual(near(expected.n_pair.mean_over_anchor_positive));
    expect(summary['cosine-embedding']?.value).toEqual(near(expected.cosine_embedding.mean_all_pairs));
    expect(counts).toEqual({samples: 60, ok: 60, undefined: 0, failed: 0});
    expect(inputs).toMatchObject({
      roots: {embeddings: expect.stringMatching(/embeddings\.npy$/)},
      count: 60,
      missing: 0,
    });
    expect(Object.keys(losses)).toEqual(['triplet', 'bare', 'contrastive', 'info-nce', 'n-pair', 'cosine-embedding']);
    const rows = [...work.rows('reference/report').values()];
    expect(rows.filter((row) => row.triplet === 'n/a')).toHaveLength(expected.anchors_without_positive);
    expect(rows.map(({key}) => key)).toEqual(rows.map(({key}) => key).sort());
  });

  test('flags alone: the default losses, their aggregates and the worst anchors are printed', async () => {
    const {code, stdout, stderr} = await work.run([
      ...['eval', '--embeddings', VECTORS, '--labels', LABELS, '--no-report', '--worst', '1'],
    ]);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toMatch(/^60 samples: 60 ok · device cpu/);
    expect(stdout).toMatch(/^triplet +lower +0\.043301 .* 17832$/m);
    expect(stdout).toMatch(/^contrastive +lower /m);
    expect(stdout).toMatch(/^triplet +active_fraction +0\.1324$/m);
    expect(stdout).toMatch(/^triplet +recall_at_k +1: 0\.72414, 2: 0\.86207, 4: 0\.93103$/m);
    expect(stdout).toMatch(/^triplet +\d+ 0\.\d+$/m);
    expect(stdout).not.toMatch(/^triplet\.count/m);
  });
});

describe.concurrent('by hand', () => {
  test('a manifest of triplets: a row each, from a CSV of vectors', async () => {
    writeLine('manifest');
    const {summary, inputs} = await reportOf(
      'manifest',
      'embeddings: {file: e.csv}\nlosses: [{type: triplet, normalize: false, margin: 6, tuples: t.csv}]\n',
    );
    // d(a,p) = 1, d(a,n) = 9 and 4, squared.
    const rows = work.rows('manifest/report');
    expect([...rows].map(([key, row]) => [key, row.triplet, row.status])).toEqual([
      ['ann/1|ann/2|bob/1', '0', 'ok'],
      ['ann/2|ann/1|bob/1', '3', 'ok'],
    ]);
    expect(summary.triplet).toMatchObject({value: 1.5, count: 2, easy: 1, semi_hard: 1, hard: 0});
    expect(inputs.roots).toEqual({embeddings: 'manifest/e.csv'});
  });

  test('the hash covers vectors, labels and manifests', async () => {
    const config = 'embeddings: {file: e.csv}\nlosses: [{type: triplet, tuples: t.csv}]\n';
    const hashes = new Set<string>();
    const hashOf = async (name: string) => hashes.add((await reportOf(name, config)).inputs.hash);
    writeLine('hash');
    await hashOf('hash');
    await hashOf('hash');
    expect(hashes.size).toBe(1);
    work.write('hash/e.csv', LINE['e.csv'].replace('bob,4', 'bob,4.5'));
    await hashOf('hash');
    work.write('hash/t.csv', `key,${LINE['t.csv'].replaceAll('\nann', '\n,ann')}`);
    await hashOf('hash');
    expect(hashes.size).toBe(3);
  });

  test('identities by folder, and two sets to compare', async () => {
    writeLine('folder');
    const bare = LINE['e.csv'].replaceAll(/,(label|ann|bob),/g, ',');
    work.write('folder/bare.csv', bare);
    const {summary} = await reportOf(
      'folder',
      'embeddings: {file: bare.csv, labels: folder, real: e.csv, fake: bare.csv}\nlosses: [{type: triplet, normalize: false}, frechet-distance]\n',
    );
    expect(summary.triplet).toMatchObject({count: 2});
    expect(summary['frechet-distance']?.value).toBeCloseTo(0, 12);
  });

  test('the same bytes for the same work', async () => {
    writeLine('twice');
    const config = 'embeddings: {file: e.csv}\nlosses: [triplet, contrastive]\n';
    await reportOf('twice', config);
    const read = () => ['report.json', 'rows.csv'].map((name) => work.read('twice', 'report', name));
    const before = read();
    await reportOf('twice', config);
    expect(read()).toEqual(before);
  });
});

describe.concurrent('wrong input is one line and exit 2', () => {
  const cases: [string, Record<string, string>, readonly string[], string][] = [
    [
      'labels missing for an item',
      {'l.csv': 'index,label\n0,a\n'},
      ['--embeddings', VECTORS, '--labels', 'l.csv'],
      'l.csv: no label for 59 of the 60 items of',
    ],
    [
      'one identity only',
      {'e.csv': 'key,label,v0\na,x,1\nb,x,2\n'},
      ['--embeddings', 'e.csv'],
      "triplet: all 2 embeddings have the label 'x'",
    ],
    ['NaN in a vector', {'e.csv': 'key,v0\na,1\nb,nan\n'}, ['--embeddings', 'e.csv'], "e.csv:3: column 'v0': expected"],
    ['an empty set', {'e.csv': 'key,v0\n'}, ['--embeddings', 'e.csv'], 'e.csv: no rows below the header'],
    [
      'dimensions that differ',
      {'r.csv': 'key,v0,v1\na,1,2\nb,1,2\n', 'f.csv': 'key,v0\na,1\nb,1\n'},
      ['--task', 'embedding', '--real', 'r.csv', '--fake', 'f.csv', '--losses', 'frechet-distance'],
      'f.csv: vectors of 1 dimensions, r.csv has 2; expected the same',
    ],
    [
      'a manifest that names an unknown key',
      {...LINE, 't.csv': 'anchor,positive,negative\nann/1,ann/9,bob/1\n'},
      ['--embeddings', 'e.csv', '--losses', 'triplet', '--set', 'losses.triplet.tuples=t.csv'],
      "t.csv:2: positive: no item has the key 'ann/9'",
    ],
    [
      'images beside embeddings',
      {},
      ['--embeddings', 'e.csv', '--pred', 'a', '--target', 'b'],
      '--pred: inputs: task embedding reads embeddings, and no images; remove one of the two',
    ],
    [
      'a loss of two sets on one',
      LINE,
      ['--embeddings', 'e.csv', '--losses', 'frechet-distance'],
      "loss 'frechet-distance' needs two sets of vectors: give embeddings.real",
    ],
    ['a file that is not there', {}, ['--embeddings', 'none.npy'], 'none.npy: cannot be read: no such file'],
  ];
  test.each(cases)('%s', async (name, files, flags, message) => {
    const folder = name.replaceAll(' ', '-');
    work.write(`${folder}/.keep`, '');
    for (const [file, text] of Object.entries(files)) work.write(`${folder}/${file}`, text);
    const {code, stdout, stderr} = await work.run(['eval', ...flags], {cwd: work.path(folder)});
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toMatch(/^cv-loss: [^\n]+\n$/);
    expect(stderr.slice('cv-loss: '.length)).toContain(message);
    expect(work.contents().some((path) => path.startsWith(`work/${folder}/cv-loss-report`))).toBe(false);
  });
});
