import {dirname, extname, join} from 'node:path';
import type {EmbeddingSet, ScoreSet} from '../losses/dataset-contract.js';
import {writeFileAtomically} from '../storage/atomic-file.js';
import {makeFolder} from '../storage/make-folder.js';
import {guarded} from './guarded-cell.js';

/**
 * Writes vectors of float32 where `readEmbeddings` reads them back, key by key and bit by bit: a `.csv` of `key,label,v0,…`,
 * or a `.npy` of `[items, dimensions]` with `NAME.labels.csv` (`index,key,label`) beside it. Folders above are made.
 * Throws RunError where nothing can be written.
 */
export async function saveEmbeddings(path: string, set: EmbeddingSet): Promise<void> {
  await makeFolder(dirname(path));
  if (extname(path).toLowerCase() === '.csv') {
    await writeFileAtomically(path, vectorTable(set));
    return;
  }
  await writeFileAtomically(path, npyOf(set));
  if (set.labels !== null) await writeFileAtomically(labelsBeside(path), labelTable(set, set.labels));
}

/** Writes scores where `readScores` reads them back, as `real.csv` and `fake.csv` of a folder: a row an item, a column a patch. */
export async function saveScores(folder: string, sets: Readonly<Record<'real' | 'fake', ScoreSet>>): Promise<void> {
  await makeFolder(folder);
  for (const role of ['real', 'fake'] as const)
    await writeFileAtomically(join(folder, `${role}.csv`), scoreTable(sets[role]));
}

/** Where the labels of an array are kept. */
function labelsBeside(path: string): string {
  return `${path.slice(0, -extname(path).length)}.labels.csv`;
}

function npyOf({keys, dimensions, vectors}: EmbeddingSet): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${keys.length}, ${dimensions}), }`;
  // The values begin at a multiple of 64 bytes.
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const bytes = Buffer.alloc(10 + header.length + 4 * vectors.length);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, 10, 'latin1');
  vectors.forEach((value, i) => {
    bytes.writeFloatLE(value, 10 + header.length + 4 * i);
  });
  return bytes;
}

function labelTable({keys}: EmbeddingSet, labels: readonly string[]): string {
  return table(['index', 'key', 'label'], keys.length, (i) => [
    String(i),
    guarded(keys[i] ?? ''),
    guarded(labels[i] ?? ''),
  ]);
}

function vectorTable({keys, labels, dimensions, vectors}: EmbeddingSet): string {
  const names = Array.from({length: dimensions}, (_, i) => `v${i}`);
  return table(['key', ...(labels ? ['label'] : []), ...names], keys.length, (i) => {
    const values = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    return [guarded(keys[i] ?? ''), ...(labels ? [guarded(labels[i] ?? '')] : []), ...Array.from(values, String)];
  });
}

function scoreTable({keys, scores}: ScoreSet): string {
  const patches = scores[0]?.length ?? 1;
  if (scores.every(({length}) => length === patches)) {
    const names = patches === 1 ? ['score'] : Array.from({length: patches}, (_, i) => `score${i}`);
    return table(['key', ...names], keys.length, (i) => [
      guarded(keys[i] ?? ''),
      ...Array.from(scores[i] ?? [], String),
    ]);
  }
  // Maps of several sizes: a row a patch.
  const rows = keys.flatMap((key, i) => Array.from(scores[i] ?? [], (score) => [guarded(key), String(score)]));
  return table(['key', 'score'], rows.length, (i) => rows[i] ?? []);
}

function table(header: readonly string[], rows: number, row: (index: number) => readonly string[]): string {
  const lines = [header, ...Array.from({length: rows}, (_, i) => row(i))];
  return `${lines.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
