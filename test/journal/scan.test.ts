import {writeFileSync} from 'node:fs';
import fs from 'node:fs/promises';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {wholeLines} from '../../src/journal/scan.js';
import {scratchFolder} from '../storage/scratch.js';

async function linesOf(content: Uint8Array | string, blockBytes?: number): Promise<{text: string; offset: number}[]> {
  const path = join(scratchFolder(), 'f');
  writeFileSync(path, content);
  const file = await fs.open(path);
  try {
    const lines: {text: string; offset: number}[] = [];
    for await (const block of wholeLines(file, blockBytes)) {
      for (const {bytes, offset} of block) lines.push({text: bytes.toString('latin1'), offset});
    }
    return lines;
  } finally {
    await file.close();
  }
}

test('lines of any length, in blocks of any size: what a split of the whole gives, and where each begins', async () => {
  const line = fc.string({unit: fc.constantFrom('a', 'é', '\r', '\0', ' '), maxLength: 12});
  await fc.assert(
    fc.asyncProperty(fc.array(line), line, fc.integer({min: 1, max: 9}), async (lines, torn, blockBytes) => {
      const content = Buffer.from(lines.map((text) => `${text}\n`).join('') + torn);
      const expected = content.toString('latin1').split('\n').slice(0, -1);
      let offset = 0;
      const placed = expected.map((text) => {
        const at = offset;
        offset += text.length + 1;
        return {text, offset: at};
      });
      expect(await linesOf(content, blockBytes)).toEqual(placed);
    }),
  );
});

test('lines across the borders of blocks of the size that is used', async () => {
  const long = 'x'.repeat(3 << 20);
  const lines = [long.slice(0, (1 << 20) - 1), 'y', long, '', 'z'];
  expect((await linesOf(`${lines.join('\n')}\ntorn`)).map(({text}) => text)).toEqual(lines);
});

test('a file without line feeds is not held in memory', async () => {
  expect(await linesOf(`first\n${'x'.repeat(18 << 20)}\nlast\n`)).toEqual([{text: 'first', offset: 0}]);
});

test('an empty file has none', async () => {
  expect(await linesOf('')).toEqual([]);
});
