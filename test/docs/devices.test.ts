import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {losses} from '../../src/losses/registry.js';

const page = readFileSync(new URL('../../docs/devices.md', import.meta.url), 'utf8');

test('docs/devices.md says of every loss how far each device is from its reference', () => {
  const [, table = ''] = /<!-- errors -->\n([\s\S]*?)<!-- end of errors -->/.exec(page) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows.map(([id, family]) => `${id} ${family}`)).toEqual(losses.map(({id, family}) => `${id} ${family}`));
  for (const [id, , ...errors] of rows) {
    expect(errors, id).toHaveLength(3);
    for (const error of errors) expect(error, id).toMatch(/^(0|\de-\d+)$/);
  }
});
