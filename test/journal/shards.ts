import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {journalLine} from '../../src/journal/line.js';
import {type ShardHeader, storedShardHeader} from '../../src/journal/shard-header.js';
import {shardFormat} from '../../src/report/shard.js';
import type {Row} from '../../src/rows/row.js';
import {COLUMNS} from '../report/rows.js';
import {scratchFolder} from '../storage/scratch.js';

/** The header of a shard of a run with the columns of `row`. */
export function header(extra: Partial<ShardHeader> = {}): ShardHeader {
  return {
    index: 1,
    count: 2,
    samples: 4,
    dataset: 'd',
    missing: 0,
    task: 'photo',
    identity: {version: '1.0.0', 'config.losses': ['mse'], device: {name: 'cpu'}},
    config: {losses: ['mse'], inputs: {pred: 'out'}},
    formats: ['csv', 'json'],
    device: {name: 'cpu', gpu: false, versions: {}},
    networks: [],
    sources: {},
    prepared: {},
    roots: {pred: 'out'},
    columns: [...COLUMNS],
    losses: [],
    ...extra,
  };
}

/** The lines of a shard's file, as a run writes them. */
export async function shardLines(rows: readonly Row[], of: ShardHeader = header()): Promise<string[]> {
  let text = '';
  const output = {
    async write(data: string | Uint8Array) {
      text += data;
    },
  };
  const writer = await shardFormat(of).open(output, COLUMNS);
  for (const row of rows) await writer.row(row);
  await writer.end({} as Parameters<typeof writer.end>[0], null);
  return text.split('\n').slice(0, -1);
}

/** A folder with a shard of these lines. */
export function shardFolder(lines: readonly string[]): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'shard.jsonl'), lines.map((line) => `${line}\n`).join(''));
  return folder;
}

/** The header's line with other content. */
export function headerLine(change: object): string {
  return journalLine({...storedShardHeader(header()), ...change}).trimEnd();
}
