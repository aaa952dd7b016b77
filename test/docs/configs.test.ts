import {tmpdir} from 'node:os';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {type ConfigInput, resolveConfig} from '../../src/config/resolve.js';
import {blocksOf, fileOf, pages, readPage} from './pages.js';

/** Keys of a config; `jobs` is one of workflows, too. */
const keys = Object.keys((configJsonSchema() as {properties: object}).properties).filter((key) => key !== 'jobs');
/** Its own test runs the config of this page, with the plugin beside it. */
const ELSEWHERE = 'CONTRIBUTING.md';

/** Blocks of YAML and JSON that no guide writes to a file and uses, by where they stand. */
const blocks = pages
  .filter((page) => page !== ELSEWHERE)
  .flatMap((page) =>
    blocksOf(readPage(page))
      .filter((block) => ['yaml', 'json'].includes(block.language) && fileOf(block) === null)
      .map(({line, text}) => ({where: `${page}:${line}`, text})),
  );

describe('what stands in a page as a config is one', () => {
  test.each(blocks)('$where', async ({text}) => {
    const written = parse(text) as ConfigInput;
    if (!Object.keys(written).some((key) => keys.includes(key))) return;
    // A page about losses leaves the images out.
    const given = written.task === undefined ? {inputs: {pred: 'out', target: 'truth'}} : {};
    const config = resolveConfig({from: 'options', cwd: tmpdir(), flags: {...given, ...written}});
    await expect(config).resolves.toBeDefined();
  });
});
