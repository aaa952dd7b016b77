import {execFileSync} from 'node:child_process';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {journalLine, parseJournalLine} from '../../src/journal/line.js';

const bytes = (text: string) => Buffer.from(text);
const withoutEnd = (line: string) => bytes(line.slice(0, -1));

test('whatever JSON holds comes back, on one line', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const line = journalLine(value);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(parseJournalLine(withoutEnd(line))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each(['Zürich 雨.png', 'a "b" \\', 'two\nlines\r\u2028', '\ud800', ''])('the text %j', (text) => {
  expect(parseJournalLine(withoutEnd(journalLine({key: text})))).toEqual({key: text});
});

test('the checksum is the CRC-32 of the JSON bytes, as gzip computes it', () => {
  const line = journalLine({key: 'Zürich'});
  const gzip = execFileSync('gzip', ['-c'], {input: bytes(line.slice(9, -1))});
  expect(line.slice(0, 8)).toBe(
    gzip
      .readUInt32LE(gzip.length - 8)
      .toString(16)
      .padStart(8, '0'),
  );
});

test('any byte that was changed is noticed, as is any piece that is missing', () => {
  const line = withoutEnd(journalLine({key: 'é', cells: [1.5, 'inf']}));
  for (let at = 0; at < line.length; at++) {
    const changed = Buffer.from(line);
    changed[at] = (changed[at] as number) ^ 0x01;
    expect(parseJournalLine(changed)).toBeNull();
    expect(parseJournalLine(line.subarray(0, at))).toBeNull();
    expect(parseJournalLine(line.subarray(at + 1))).toBeNull();
  }
});

test('a right checksum of something that is no JSON is damage as well', () => {
  expect(parseJournalLine(bytes('00000000 '))).toBeNull();
  // The check value that every description of CRC-32 gives.
  expect(parseJournalLine(bytes('cbf43926 123456789'))).toBe(123456789);
  expect(parseJournalLine(bytes('352441c2 abc'))).toBeNull();
});
