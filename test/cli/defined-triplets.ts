import {readFileSync} from 'node:fs';
import {parse} from 'csv-parse/sync';
import {fixture} from './workspace.js';

/** A triplet by its keys, with d_ap and d_an. */
export interface Triplet {
  readonly anchor: string;
  readonly positive: string;
  readonly negative: string;
  readonly ap: number;
  readonly an: number;
}

/** Vectors and their labels; the key of each is its place. */
export interface LabelledVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly labels: readonly string[];
}

type Vector = readonly number[];

const dot = (x: Vector, y: Vector) => x.reduce((sum, value, k) => sum + value * (y[k] as number), 0);
const squared = (x: Vector, y: Vector) => x.reduce((sum, value, k) => sum + (value - (y[k] as number)) ** 2, 0);
const unit = (x: Vector) => x.map((value) => value / Math.sqrt(dot(x, x)));

/** The distances that `--distance` names, of `bare` vectors with `--no-normalize`. */
export const DISTANCES = {
  'squared-l2': (x: Vector, y: Vector) => squared(unit(x), unit(y)),
  l2: (x: Vector, y: Vector) => Math.sqrt(squared(unit(x), unit(y))),
  cosine: (x: Vector, y: Vector) => 1 - dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)),
  bare: squared,
} as const;

/** Every anchor, every other item of its label, every item of another: in the order of the set. */
export function everyTriplet(
  {vectors, labels}: LabelledVectors,
  distance: (x: Vector, y: Vector) => number = DISTANCES['squared-l2'],
): Triplet[] {
  const table = vectors.map((x) => vectors.map((y) => distance(x, y)));
  const items = labels.map((label, item) => ({label, item}));
  return items.flatMap((a) =>
    items
      .filter((p) => p.label === a.label && p.item !== a.item)
      .flatMap((p) =>
        items
          .filter((n) => n.label !== a.label)
          .map((n) => ({
            anchor: String(a.item),
            positive: String(p.item),
            negative: String(n.item),
            ap: table[a.item]?.[p.item] as number,
            an: table[a.item]?.[n.item] as number,
          })),
      ),
  );
}

/** The bundled embeddings, 60 of 16 dimensions. */
export function bundled(): LabelledVectors {
  const bytes = readFileSync(fixture('embeddings', 'embeddings.npy'));
  const start = 10 + bytes.readUInt16LE(8);
  const value = (item: number, k: number) => bytes.readFloatLE(start + 4 * (16 * item + k));
  const rows = parse(readFileSync(fixture('embeddings', 'labels.csv')), {columns: true}) as Record<string, string>[];
  const labels = Array.from({length: 60}, (_, item) => rows.find((row) => Number(row.index) === item)?.label as string);
  return {vectors: labels.map((_, item) => Array.from({length: 16}, (_value, k) => value(item, k))), labels};
}

/** Triplets as the command writes them. Throws where the columns are others. */
export function parseTriplets(csv: string, columns = 'anchor,positive,negative,d_ap,d_an'): Triplet[] {
  if (!csv.startsWith(`${columns}\n`)) throw new Error(`expected ${columns}, got ${csv.split('\n')[0]}`);
  const rows = parse(csv, {columns: true}) as Record<string, string>[];
  return rows.map(({anchor = '', positive = '', negative = '', d_ap, d_an}) => ({
    ...{anchor, positive, negative},
    ap: Number(d_ap),
    an: Number(d_an),
  }));
}

/** The smallest of each group by a number, in the order in which they were. */
export function smallest(
  triplets: readonly Triplet[],
  size: number,
  {groupOf, by}: {groupOf: (triplet: Triplet) => string; by: (triplet: Triplet) => number},
): Triplet[] {
  const groups = new Map<string, Triplet[]>();
  for (const triplet of triplets) groups.set(groupOf(triplet), [...(groups.get(groupOf(triplet)) ?? []), triplet]);
  const kept = new Set([...groups.values()].flatMap((group) => group.sort((x, y) => by(x) - by(y)).slice(0, size)));
  return triplets.filter((triplet) => kept.has(triplet));
}
