import {describe, expect, onTestFinished, test} from 'vitest';
import {Workspace} from '../cli/workspace.js';
import {blocksOf, pages, readPage} from './pages.js';
import {follow} from './walkthrough.js';

/** Pages with commands, but for those whose own tests run them in another place than a clone. */
const ELSEWHERE = new Set(['README.md', 'CONTRIBUTING.md']);
const followed = pages.filter(
  (name) => !ELSEWHERE.has(name) && blocksOf(readPage(name)).some(({language}) => language === 'sh'),
);

describe('npm run docs writes again what the commands of a page print', () => {
  test.for(followed)('%s', {timeout: 300_000}, async (name) => {
    const {page, failures} = await follow(readPage(name), new Workspace(onTestFinished));
    expect.soft(failures).toEqual([]);
    await expect(page).toMatchFileSnapshot(`../../${name}`);
  });
});

test('there are guides', () => {
  expect(followed.filter((name) => name.startsWith('docs/guides/')).length).toBeGreaterThan(5);
});
