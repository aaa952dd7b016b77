import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {textField, unguardedText} from '../../src/report/csv-text.js';
import {scratchFolder} from '../storage/scratch.js';
import {hostileText, row} from './rows.js';
import {writeReport} from './written.js';

const {POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS_INF} = Number;

test('rows.csv, byte for byte', async () => {
  const dir = scratchFolder();
  const rows = [
    row('a', [0.1 + 0.2, 'n/a', 5e-324]),
    row('b,"c"\nd', [INF, MINUS_INF, -1.5], {width: null, height: null}),
    row('=1+1', [{undefined: 'x'}, 1e21, 0], {status: 'undefined', reason: '-x'}),
    row("'quoted", [null, null, null], {status: 'failed', reason: 'bad-file: pred: cut short'}),
  ];
  await writeReport(dir, rows, ['csv']);
  expect(readFileSync(join(dir, 'rows.csv'), 'utf8')).toBe(
    [
      "key,status,reason,width,height,mse,'-odd.part_1,total",
      'a,ok,,4,3,0.30000000000000004,n/a,5e-324',
      '"b,""c""\nd",ok,,,,inf,-inf,-1.5',
      "'=1+1,undefined,'-x,4,3,,1e+21,0",
      "''quoted,failed,bad-file: pred: cut short,4,3,,,",
      '',
    ].join('\n'),
  );
});

test.each(['=', '+', '-', '@', '\t', '\r', '\n', "'", '＝', '＋', '－', '＠'])(
  'text that begins with %j is guarded',
  (first) => {
    expect(textField(`${first}x`).replace(/^"/, '')).toBe(`'${first}x${/[\r\n]/.test(first) ? '"' : ''}`);
    expect(textField(`x${first}`).replace(/^"/, '')).toMatch(/^x/);
  },
);

test('an independent CSV reader gives the text back, whatever it is; no cell begins as a formula', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 4}), (texts) => {
      // A first cell keeps a text that begins with a byte order mark from being taken for the file's own.
      const line = `key,${texts.map(textField).join(',')}\n`;
      const [fields] = parse(line, {record_delimiter: '\n'}) as string[][];
      expect(fields?.slice(1).map(unguardedText)).toEqual(texts);
      for (const field of fields ?? []) expect(field).not.toMatch(/^[=+\-@\t\r]/);
    }),
    {numRuns: 2000},
  );
});
