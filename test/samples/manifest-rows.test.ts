import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseManifest} from '../../src/samples/manifest-rows.js';

const cell = fc.constantFrom('a.png', '"b,\r\n""c"""', 'é\u2028', '"x\ry"', '');
const ends = fc.constantFrom('\n', '\r\n', '\r');
const csv = fc
  .array(fc.tuple(cell, cell, ends), {minLength: 1, maxLength: 8})
  .map((rows) => `pred,target\n${rows.map(([a, b, end]) => `${a},${b}${end}`).join('')}`);
const jsonl = fc
  .array(fc.tuple(fc.constantFrom('{"pred":"a"}', '{"pred":"b","target":"\\ud83d"}', ''), ends), {minLength: 1})
  .map((rows) => `{"key":"0","pred":"z"}\n${rows.map(([line, end]) => line + end).join('')}`);

async function parsed(format: 'csv' | 'jsonl', text: string, size: number) {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  const rows: unknown[] = [];
  const add = ({line, cells}: {line: number; cells: ReadonlyMap<string, string>}) => rows.push([line, ...cells]);
  return {columns: await parseManifest({name: 'm', format, folder: '/', pieces: pieces()}, add), rows};
}

test('a manifest that is read in pieces has the rows of the whole text, wherever it is cut', async () => {
  for (const [format, texts] of [
    ['csv', csv],
    ['jsonl', jsonl],
  ] as const) {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({min: 1, max: 7}), async (text, size) => {
        expect(await parsed(format, text, size)).toEqual(await parsed(format, text, text.length));
      }),
      {numRuns: 60},
    );
  }
  const lines = (await parsed('jsonl', '{"pred":"a"}\r\n\r{"pred":"b"}\n{"pred":"c"}', 1)).rows;
  expect(lines).toEqual([
    [1, ['pred', 'a']],
    [3, ['pred', 'b']],
    [4, ['pred', 'c']],
  ]);
});
