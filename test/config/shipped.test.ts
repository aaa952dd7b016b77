import {readdirSync, readFileSync} from 'node:fs';
import {relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Ajv} from 'ajv';
import {expect, test} from 'vitest';
import {parse} from 'yaml';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {resolveConfig} from '../../src/config/resolve.js';

const folder = fileURLToPath(new URL('../../configs/', import.meta.url));
const fixtures = resolve(folder, '../fixtures');
const validate = new Ajv({strict: true, strictTypes: false}).compile(configJsonSchema());
const names = readdirSync(folder);

test('the ready configs are these', () => {
  expect(names.sort()).toEqual([
    'masks.yaml',
    'photos.yaml',
    'segmentation-probabilities.yaml',
    'segmentation.yaml',
    'super-resolution.yaml',
    'training-objective.yaml',
  ]);
});

test.each(names)('%s resolves, from any folder, to files that are there', async (name) => {
  const config = await resolveConfig({file: resolve(folder, name), cwd: '/'});
  for (const role of ['pred', 'target']) {
    const input = config.inputs[role] as string;
    expect(relative(fixtures, input)).toMatch(/^\w/);
    expect(readdirSync(input).length).toBeGreaterThan(5);
  }
});

test.each(names)('%s is valid for editors, and tells them the schema', (name) => {
  const text = readFileSync(resolve(folder, name), 'utf8');
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../dist/config.schema.json');
  validate(parse(text));
  expect(validate.errors).toBeNull();
});

test('the training objective adds up what it says', async () => {
  const {losses} = await resolveConfig({file: resolve(folder, 'training-objective.yaml'), cwd: '/'});
  expect(losses.map(({id, weight}) => [id, weight])).toEqual([
    ['mae', 0.84],
    ['ssim', 0.16],
    ['total-variation', 0.01],
  ]);
});
