import {readFileSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import type {Report} from '../../src/report/report.js';
import {bundled, DISTANCES, everyTriplet, parseTriplets, smallest, type Triplet} from './defined-triplets.js';
import {fixture, Workspace} from './workspace.js';

const work = new Workspace(afterAll);

const SET = ['--embeddings', fixture('embeddings', 'embeddings.npy')];
const LABELLED = [...SET, '--labels', fixture('embeddings', 'labels.csv')];
const ALONE = 'cv-loss: 2 of 60 embeddings have no other of the same label and are no anchors\n';

let runs = 0;

/** Mines the bundled embeddings to a file of its own; gives its text, and what was printed. */
async function mine(flags: readonly string[]): Promise<{csv: string; stdout: string; stderr: string}> {
  const out = `mined-${++runs}.csv`;
  const {code, stdout, stderr} = await work.run(['triplets', ...LABELLED, ...flags, '--out', out]);
  expect(code, stderr).toBe(0);
  return {csv: work.read(out), stdout: stdout.replace(out, 'OUT'), stderr};
}

const mined = async (flags: readonly string[]) => parseTriplets((await mine(flags)).csv);

const keysOf = ({anchor, positive, negative}: Triplet) => [anchor, positive, negative].join(' ');
const pairOf = ({anchor, positive}: Triplet) => `${anchor} ${positive}`;
const gap = ({ap, an}: Triplet) => an - ap;

/** The same triplets in the same order; distances as far as float64 rounds. */
function expectSame(found: readonly Triplet[], expected: readonly Triplet[]): void {
  expect(expected.length).toBeGreaterThan(0);
  expect(found.map(keysOf)).toEqual(expected.map(keysOf));
  for (const [i, {ap, an}] of expected.entries()) {
    expect(Math.abs((found[i]?.ap as number) - ap)).toBeLessThan(1e-13);
    expect(Math.abs((found[i]?.an as number) - an)).toBeLessThan(1e-13);
  }
}

const faces = bundled();
const every = everyTriplet(faces);

test('no two distances are so near that rounding decides what is hard or semi-hard', () => {
  for (const distance of Object.values(DISTANCES)) {
    const ends = [0, 0.2, 0.5];
    const nearest = everyTriplet(faces, distance).map((triplet) =>
      Math.min(...ends.map((end) => Math.abs(gap(triplet) - end))),
    );
    expect(Math.min(...nearest)).toBeGreaterThan(1e-9);
  }
});

describe.concurrent('the definitions, in float64 over every triplet', () => {
  const hard = ({ap, an}: Triplet) => an <= ap;
  const semiHard =
    (margin: number) =>
    ({ap, an}: Triplet) =>
      ap < an && an < ap + margin;

  test.each<[string, keyof typeof DISTANCES, (triplet: Triplet) => boolean]>([
    ['all', 'squared-l2', () => true],
    ['hard', 'squared-l2', hard],
    ['hard', 'cosine', hard],
    ['hard', 'bare', hard],
    ['semi-hard', 'squared-l2', semiHard(0.2)],
    ['semi-hard', 'l2', semiHard(0.2)],
    ['semi-hard', 'cosine', semiHard(0.2)],
    ['semi-hard --margin 0.5', 'l2', semiHard(0.5)],
  ])('--strategy %s, %s', async (strategy, distance, takes) => {
    const measure = distance === 'bare' ? ['--no-normalize'] : ['--distance', distance];
    const found = await mined(['--strategy', ...strategy.split(' '), ...measure]);
    expectSame(found, everyTriplet(faces, DISTANCES[distance]).filter(takes));
  });

  test('semi-hard by squared-l2 with a margin of 0.2 is the default', async () => {
    const {csv, stdout, stderr} = await mine([]);
    expectSame(parseTriplets(csv), every.filter(semiHard(0.2)));
    expect(csv).toBe((await mine(['--strategy', 'semi-hard', '--distance', 'squared-l2', '--margin', '0.2'])).csv);
    // The page shows how it begins.
    expect(readFileSync('docs/formats.md', 'utf8')).toContain(csv.split('\n').slice(0, 3).join('\n'));
    expect(stdout).toBe('987 triplets (semi-hard, margin 0.2, squared-l2) of 57 anchors in OUT\n');
    expect(stderr).toBe(`${ALONE}cv-loss: 1 anchor of 58 without a semi-hard triplet\n`);
  });

  test('the hardest of a pair, of an anchor, of all', async () => {
    const groups = {groupOf: pairOf, by: gap};
    expectSame(await mined(['--per-pair', '1']), smallest(every.filter(semiHard(0.2)), 1, groups));
    expectSame(await mined(['--strategy', 'all', '--per-pair', '3']), smallest(every, 3, groups));
    const batchHard = await mined(['--strategy', 'all', '--per-anchor', '1']);
    expectSame(batchHard, smallest(every, 1, {groupOf: ({anchor}) => anchor, by: gap}));
    const tenHardest = smallest(every, 10, {groupOf: () => '', by: gap});
    expectSame(await mined(['--strategy', 'hard', '--count', '10']), tenHardest);
  });

  test('limits that keep at random: so many of the definition, others by another seed', async () => {
    const flags = ['--per-pair', '2', '--keep', 'random'];
    const found = await mined(flags);
    const valid = every.filter(semiHard(0.2));
    const known = new Set(valid.map(keysOf));
    expect(found.filter((triplet) => !known.has(keysOf(triplet)))).toEqual([]);
    expect(new Set(found.map(keysOf)).size).toBe(found.length);
    expect(found).toHaveLength(smallest(valid, 2, {groupOf: pairOf, by: gap}).length);
    expect(found.map(keysOf)).not.toEqual((await mined([...flags, '--seed', '1'])).map(keysOf));
    expect(await mined(['--strategy', 'all', '--count', '25', '--keep', 'random'])).toHaveLength(25);
  });
});

/** The triplets of each pair. */
const choicesOf = new Map<string, Triplet[]>();
for (const triplet of every) choicesOf.set(pairOf(triplet), [...(choicesOf.get(pairOf(triplet)) ?? []), triplet]);

/** Of Wu et al. 2017: min(λ, 1/q(d)) with λ at d = 0.5, none from 1.4 on, in 16 dimensions. */
function weight({an}: Triplet): number {
  const inverse = (d: number) => 1 / (d ** 14 * (1 - d ** 2 / 4) ** 6.5);
  return an >= 1.4 ** 2 ? 0 : inverse(Math.max(0.5, Math.sqrt(an)));
}

/** How many standard deviations the mean d_an of drawn negatives, one a pair, is from what weights make of it. */
function deviations(found: readonly Triplet[], weightOf: (triplet: Triplet) => number): number {
  let [sum, variance] = [0, 0];
  for (const drawn of found) {
    const choices = choicesOf.get(pairOf(drawn)) as Triplet[];
    const mean = (value: (triplet: Triplet) => number) => {
      const total = choices.reduce((all, triplet) => all + weightOf(triplet), 0);
      return choices.reduce((all, triplet) => all + (weightOf(triplet) / total) * value(triplet), 0);
    };
    const expected = mean(({an}) => an);
    sum += drawn.an - expected;
    variance += mean(({an}) => (an - expected) ** 2);
  }
  return Math.abs(sum) / Math.sqrt(variance);
}

describe.concurrent('drawn negatives', () => {
  const pairs = [...choicesOf.keys()];
  const cases = [
    ['random', () => 1, weight],
    ['distance-weighted', weight, () => 1],
  ] as const;

  test.each(cases)('%s: one a pair, of the distribution of the definition', async (strategy, weightOf, other) => {
    const found = await mined(['--strategy', strategy]);
    const known = new Map(every.map((triplet) => [keysOf(triplet), triplet]));
    // Every pair has a negative to draw.
    expect([...choicesOf.values()].filter((choices) => choices.every((choice) => weightOf(choice) === 0))).toEqual([]);
    expect(found.map(pairOf)).toEqual(pairs);
    expectSame(
      found,
      found.map((triplet) => known.get(keysOf(triplet)) as Triplet),
    );
    expect(Math.min(...found.map(weightOf))).toBeGreaterThan(0);
    expect(deviations(found, weightOf)).toBeLessThan(4);
    expect(deviations(found, other)).toBeGreaterThan(6);
  });

  test.each(cases)('%s, three a pair: all different', async (strategy) => {
    const found = await mined(['--strategy', strategy, '--per-pair', '3']);
    expect(new Set(found.map(keysOf)).size).toBe(found.length);
    expect(found).toHaveLength(3 * pairs.length);
  });

  test.each(cases)('%s: the same seed gives the same bytes, another one other triplets', async (strategy) => {
    const flags = ['--strategy', strategy];
    const [unseeded, zero, seven, again] = await Promise.all(
      [[], ['--seed', '0'], ['--seed', '7'], ['--seed', '7']].map((seed) => mine([...flags, ...seed])),
    );
    expect(zero?.csv).toBe(unseeded?.csv);
    expect(again?.csv).toBe(seven?.csv);
    expect(seven?.csv).not.toBe(zero?.csv);
  });
});

test('a seed changes nothing where nothing is drawn', async () => {
  for (const flags of [['--strategy', 'all'], ['--strategy', 'hard', '--per-anchor', '2'], []]) {
    expect((await mine([...flags, '--seed', '9'])).csv).toBe((await mine(flags)).csv);
  }
});

test('the mined manifest, read by the losses: their values over these triplets', async () => {
  const {csv} = await mine(['--strategy', 'hard', '--distance', 'l2']);
  const hard = everyTriplet(faces, DISTANCES.l2).filter(({ap, an}) => an <= ap);
  work.write('mined/hard.csv', csv);
  const [file, labels] = [SET[1], LABELLED[3]].map((path) => JSON.stringify(path));
  work.write(
    'mined/cv-loss.yaml',
    `embeddings: {file: ${file}, labels: ${labels}}
losses: [{type: triplet, distance: l2, margin: 0.3, tuples: hard.csv}]
`,
  );
  expect(await work.run(['eval', '--quiet'], {cwd: work.path('mined')})).toEqual({code: 0, stdout: '', stderr: ''});
  const {summary} = work.json('mined', 'cv-loss-report', 'report.json') as Report;
  const mean = hard.reduce((sum, triplet) => sum + 0.3 - gap(triplet), 0) / hard.length;
  expect(summary.triplet?.value).toBeCloseTo(mean, 12);
  expect(summary.triplet).toMatchObject({count: hard.length, hard: hard.length, semi_hard: 0, easy: 0});
  expect(work.rows('mined/cv-loss-report').size).toBe(hard.length);
});
