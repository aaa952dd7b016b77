import {copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {crc32} from 'node:zlib';
import {compareReports} from '../../dist/compare.js';
import {parseJournalLine} from '../../dist/journal/line.js';
import {readShard} from '../../dist/journal/read-shard.js';
import {fromStored} from '../../dist/journal/row-entry.js';
import {wholeLines} from '../../dist/journal/scan.js';
import {readHeader} from '../../dist/run/journal/journal-header.js';
import {checkShards} from '../../dist/run/merge/check-shards.js';
import {filesOf, inRepository} from './files.js';

const REPORT = 'fixtures/fuzz/report';

/** The lines of a journal, as a run that is gone on with reads them. Half of the inputs get right checksums again. */
async function journal(bytes, {path}) {
  if (bytes.length % 2 === 0) writeFileSync(path, resealed(bytes));
  const file = await open(path);
  try {
    let columns = [];
    for await (const block of wholeLines(file)) {
      for (const {bytes: line} of block) {
        const header = readHeader(line);
        if (typeof header === 'object') columns = header.columns;
        fromStored(parseJournalLine(line), columns);
      }
    }
  } finally {
    await file.close();
  }
}

/** What a checksum keeps out is told by it; here it is what a program with a defect would have written. */
function resealed(bytes) {
  const lines = bytes.toString('latin1').split('\n');
  return Buffer.from(
    lines.map((line) => (line.length > 9 ? `${checksum(line.slice(9))} ${line.slice(9)}` : line)).join('\n'),
    'latin1',
  );
}

function checksum(text) {
  return crc32(Buffer.from(text, 'latin1')).toString(16).padStart(8, '0');
}

async function shard(bytes, {folder}) {
  writeFileSync(join(folder, 'shard.jsonl'), bytes.length % 2 === 0 ? resealed(bytes) : bytes);
  const read = await readShard(folder, 'shard');
  checkShards([read], String(read.header.identity.version));
  for await (const row of read.rows()) if (row === null) return;
}

/** A report in which one file is the input, compared with the whole one. */
function report(name, others) {
  return async (_bytes, {path, folder}) => {
    const dir = join(folder, 'report');
    rmSync(dir, {recursive: true, force: true});
    mkdirSync(dir);
    copyFileSync(path, join(dir, name));
    for (const other of others) copyFileSync(inRepository(`${REPORT}/${other}`), join(dir, other));
    try {
      return await compareReports(inRepository(REPORT), dir, {});
    } catch (error) {
      error.message = error.message.replaceAll(dir, 'report').replaceAll(inRepository(REPORT), 'baseline');
      throw error;
    }
  };
}

const one = (name) => () => [readFileSync(inRepository(`${REPORT}/${name}`))];

export const reports = {
  journal: {seeds: () => filesOf('fixtures/fuzz', /\.journal$/), attempt: journal},
  shard: {seeds: () => filesOf('fixtures/fuzz', /^shard.*\.jsonl$/), attempt: shard},
  report: {seeds: one('report.json'), attempt: report('report.json', ['rows.csv'])},
  'rows-csv': {seeds: one('rows.csv'), attempt: report('rows.csv', ['report.json'])},
  'rows-jsonl': {seeds: one('rows.jsonl'), attempt: report('rows.jsonl', ['report.json'])},
};
