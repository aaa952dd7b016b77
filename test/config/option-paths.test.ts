import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {z} from 'zod';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {mapPaths} from '../../src/config/option-paths.js';
import {plainConfig} from '../../src/config/plain.js';
import {resolveConfig} from '../../src/config/resolve.js';
import {losses} from '../../src/losses/registry.js';
import {custom} from '../run/losses.js';
import {PluginFolder, pluginCode} from './plugin-files.js';
import {bothInputs, resolveText, stream} from './resolving.js';

const file = z.string().min(1).meta({path: true});
const weights = z.union([z.literal('default'), z.strictObject({hashed: z.int()}), file]);

/** Every path that is found, as `where=file`. */
function pathsIn(schema: z.ZodType, value: unknown): string[] {
  const found: string[] = [];
  const same = mapPaths(schema, value, (text, path) => {
    found.push(`${path.join('.')}=${text}`);
    return text;
  });
  expect(same).toEqual(value);
  return found;
}

describe('which texts are paths', () => {
  test.each<[string, z.ZodType, unknown, string[]]>([
    ['a marked text', file, 'a', ['=a']],
    ['a text that is not marked', z.string(), 'a', []],
    ['a description beside the mark', z.object({a: file.describe('a file')}), {a: 'x'}, ['a=x']],
    ['a default around it', z.object({a: file.default('x').describe('a file')}), {a: 'y'}, ['a=y']],
    ['a marked wrapper', z.object({a: z.string().nullable().default(null).meta({path: true})}), {a: 'y'}, ['a=y']],
    ['null', z.object({a: file.nullable()}), {a: null}, []],
    ['what is missing', z.object({a: file.optional()}), {}, []],
    ['an empty text', file, '', []],
    ['another type', file, 7, []],
    ['a name of a union', weights, 'default', []],
    ['a file of a union', weights, 'Default', ['=Default']],
    ['a map of a union', weights, {hashed: 1}, []],
    ['a name after the file', z.union([file, z.enum(['default', 'none'])]), 'none', []],
    ['a marked union', z.union([z.literal('default'), z.string()]).meta({path: true}), 'x', ['=x']],
    ['what no branch takes', weights, {hashed: 'x'}, []],
    [
      'a list',
      z.array(z.object({a: file, b: z.string()})),
      [
        {a: 'x', b: 'y'},
        {a: 'z', b: ''},
      ],
      ['0.a=x', '1.a=z'],
    ],
    ['a tuple', z.tuple([z.string(), file]), ['x', 'y'], ['1=y']],
    ['a record', z.record(z.string(), file), {a: 'x', b: 'y'}, ['a=x', 'b=y']],
    ['what a check follows', file.refine(() => true), 'x', ['=x']],
    ['what a transform takes', file.transform((text) => text.length), 'x', ['=x']],
    ['what a transform gives', z.preprocess((text) => text, file), 'x', ['=x']],
    ['what a getter gives', z.lazy(() => file), 'x', ['=x']],
    ['keys that there are not', z.object({a: file}), {toString: 'x', constructor: 'y'}, []],
  ])('%s', (_, schema, value, expected) => expect(pathsIn(schema, value)).toEqual(expected));

  test('maps stay what they are', () => {
    const schema = z.object({a: file, b: z.object({})});
    const bare = Object.assign(Object.create(null), {a: 'x', b: {}});
    expect(Object.getPrototypeOf(mapPaths(schema, bare, (text) => text))).toBeNull();
    expect(mapPaths(schema, {a: 'x', b: {}}, (text) => `/${text}`)).toStrictEqual({a: '/x', b: {}});
  });
});

describe('options of a loss', () => {
  const options = z.strictObject({weights: weights.default('default').describe('where from')});
  const words = {summary: 'a loss', formula: 'x', reference: 'none', undefinedWhen: 'never'};
  const {descriptor} = custom(words);
  const descriptors = [...losses, {...descriptor, id: 'deep', options}];
  const written = (config: {readonly losses: readonly {readonly options: unknown}[]}) =>
    config.losses.map((loss) => loss.options);

  test('relative to the file, the flag or the program that wrote it', async () => {
    const folder = new PluginFolder(onTestFinished).path;
    const text =
      'losses: [{type: deep, weights: ../w/a.bin}, {type: deep, id: b}, {type: deep, id: c, weights: /abs/c.bin}]';
    const configured = {descriptors, cwd: '/data', flags: bothInputs};
    writeFileSync(join(folder, 'cv-loss.yaml'), text);
    const fromFile = await resolveConfig({
      ...configured,
      file: join(folder, 'cv-loss.yaml'),
      set: ['losses.b.weights=mine.bin'],
    });
    expect(written(fromFile)).toEqual([
      {weights: join(folder, '..', 'w', 'a.bin')},
      {weights: '/data/mine.bin'},
      {weights: '/abs/c.bin'},
    ]);
    const given = {
      ...bothInputs,
      losses: [
        {type: 'deep', weights: 'p.bin'},
        {type: 'deep', id: 'd', weights: 'default'},
      ],
    };
    expect(written(await resolveConfig({...configured, from: 'options', flags: given}))).toEqual([
      {weights: '/data/p.bin'},
      {weights: 'default'},
    ]);
  });

  test('recorded as seen from the working directory, and read back', async () => {
    const text =
      'losses: [{type: deep, weights: w/a.bin}, {type: deep, id: b, weights: {hashed: 3}}, {type: deep, id: c}]';
    const config = await resolveText(text, {descriptors});
    const record = plainConfig(config, '/data/there');
    expect(record.losses).toMatchObject([{weights: '../w/a.bin'}, {weights: {hashed: 3}}, {weights: 'default'}]);
    const again = {descriptors, cwd: '/data/there', stdin: stream(JSON.stringify(record)), flags: {}};
    expect(written(await resolveText('', again))).toEqual(written(config));
  });

  test('the mark stays out of the JSON Schema', () => {
    expect(JSON.stringify(configJsonSchema(descriptors))).not.toContain('"path":true');
  });

  test('of a plugin with its own copy of zod', async () => {
    const folder = new PluginFolder(onTestFinished);
    folder.copyZod();
    const code = "z.strictObject({table: z.string().meta({path: true}).default('none').describe('a file')})";
    folder.write('own.mjs', pluginCode({options: code}, 'other-zod'));
    folder.write('c.yaml', 'plugins: [own.mjs]\nlosses: [{type: own, table: t.csv}]');
    const config = await resolveConfig({file: join(folder.path, 'c.yaml'), cwd: '/data', flags: bothInputs});
    expect(written(config)).toEqual([{table: join(folder.path, 't.csv')}]);
  });
});
