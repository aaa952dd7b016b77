import {readdirSync, readFileSync, statSync} from 'node:fs';
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
    'adversarial.yaml',
    'content-style.yaml',
    'cycle.yaml',
    'embeddings.yaml',
    'masks.yaml',
    'own-network.yaml',
    'perceptual.yaml',
    'photos.yaml',
    'segmentation-probabilities.yaml',
    'segmentation.yaml',
    'super-resolution.yaml',
    'texture.yaml',
    'topology.yaml',
    'training-objective.yaml',
  ]);
});

test.each(names)('%s resolves, from any folder, to files that are there', async (name) => {
  const {inputs, embeddings, scores} = await resolveConfig({file: resolve(folder, name), cwd: '/'});
  const files = [embeddings?.file, embeddings?.labels, scores?.real, scores?.fake].filter((file) => file != null);
  const {pred, target, real_a, rec_a} = inputs;
  const folders = [pred, target, real_a, rec_a].filter((path) => path !== undefined);
  expect([folders.length, files.length].sort()).toEqual([0, 2]);
  for (const path of [...files, ...folders]) expect(relative(fixtures, path)).toMatch(/^\w/);
  for (const file of files) expect(statSync(file).isFile()).toBe(true);
  for (const path of folders) expect(readdirSync(path).length).toBeGreaterThan(4);
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
