import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {expect, test} from 'vitest';

/** Bytes of the space for new objects before and after much that survives in it, in a process with the program's flags. */
function youngBytes(before: string): [number, number] {
  const script = `
    import {getHeapSpaceStatistics} from 'node:v8';
    import '${resolve('dist/heap-flags.js')}';
    import {threadsStarted} from '${resolve('dist/run/threads/started.js')}';
    const young = () => getHeapSpaceStatistics().find(({space_name}) => space_name === 'new_space').space_size;
    ${before}
    const first = young();
    const kept = [];
    for (let i = 0; i < 400_000; i++) kept.push([i, {at: i}]);
    console.log(JSON.stringify([first, young(), kept.length]));`;
  const [first, last] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'}),
  );
  return [first, last];
}

test('once threads score, the space for new objects grows no more', () => {
  const [first, last] = youngBytes('');
  expect(last).toBeGreaterThan(2 * first);
  const [at, later] = youngBytes('threadsStarted.publish({threads: 2});');
  expect(later).toBeLessThanOrEqual(2 * at);
});

/** What a file of the program loads before it runs, itself with it. */
function loaded(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const parts = [...text.matchAll(/(?:import|from)\s*"(\.\/[^"]+)"/g)].map(([, name = '']) =>
    join(dirname(file), name),
  );
  return text + parts.map((part) => loaded(part, seen)).join('');
}

test.each(['main', 'scoring-process'])('the program has them in its process: %s', (name) => {
  const text = loaded(resolve('dist/program', `${name}.js`));
  expect(text).toContain('--heap-growing-percent');
  expect(text).toContain('--no-incremental-marking');
});
