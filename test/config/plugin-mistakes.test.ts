import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {lossesWith} from '../../src/config/plugins.js';
import {lossCode, PluginFolder, pluginCode} from './plugin-files.js';
import {usageMessage} from './resolving.js';

const folder = new PluginFolder(afterAll);
const cwd = folder.path;

beforeAll(() => {
  folder.write('own.mjs', pluginCode());
});

/** The message for a plugin of this source, without the file that every line begins with. */
async function mistakesOf(code: string): Promise<string[]> {
  folder.write('wrong.mjs', code);
  const lines = (await usageMessage(lossesWith(['./wrong.mjs'], cwd))).split('\n');
  for (const line of lines) expect(line).toMatch(/^--plugin: \.\/wrong\.mjs: /);
  return lines.map((line) => line.replace('--plugin: ./wrong.mjs: ', ''));
}

const LINE = 'expected one line of text';
const ROLE = 'expected a role of a-z, 0-9 and _ that begins with a letter';
const READINGS = 'expected pixels, labels, scores, instances, weights or mask';
const OPTIONS = 'expected z.strictObject({…}) of zod 4';
const NAMES = 'key, status, reason, width, height, total';

describe('a field that is wrong', () => {
  test.each<[Record<string, string | null>, string]>([
    [{summary: null}, "missing 'summary', expected text"],
    [{summary: "''"}, `summary: ${LINE}, got ''`],
    [{formula: "'a\\nb'"}, `formula: ${LINE}, got 'a\\u000ab'`],
    [{family: '3'}, 'family: expected text, got 3'],
    [{reference: "'\\u001b[31m'"}, `reference: ${LINE}, got '\\u001b[31m'`],
    [{id: "'My Loss'"}, "id: expected an id of a-z, 0-9, _ and -, got 'My Loss'"],
    [{id: "'total'"}, `id: expected an id other than ${NAMES}, which name other columns, got 'total'`],
    [{id: "'status'"}, `id: expected an id other than ${NAMES}, which name other columns, got 'status'`],
    [{id: "'mse'"}, "id: expected an id of its own, got 'mse', which is a built-in loss"],
    [{better: "'smaller'"}, "better: expected lower, higher, none or a function of the options, got 'smaller'"],
    [{objective: 'null'}, 'objective: expected itself, one-minus, none or a function of the options, got null'],
    [{inputs: '{}'}, 'inputs: expected at least one role, such as {pred: pixels}, got a map'],
    [{inputs: '{pred: "pixel"}'}, `inputs.pred: ${READINGS}, got 'pixel'`],
    [{inputs: '{"Pred in": "pixels"}'}, `inputs.Pred in: ${ROLE}, got 'Pred in'`],
    [{inputs: '{key: "pixels"}'}, `inputs.key: ${ROLE}, got 'key'`],
    [{optionalInputs: '{weight: "pixels"}'}, "optionalInputs.weight: expected weights, got 'pixels'"],
    [{inputs: '{pred: "pixels", ignore: "pixels"}'}, "inputs.ignore: expected labels, got 'pixels'"],
    [{create: '{}'}, 'create: expected a function, got a map'],
    [{create: null}, "missing 'create', expected a function"],
    [{aggregate: '[]'}, 'aggregate: expected a function, got an empty list'],
    [
      {optionalInput: '{}'},
      "unknown field 'optionalInput', expected id, family, better, summary, formula, range, unit, use, reference, undefinedWhen, inputs, optionalInputs, options, objective, create or aggregate; did you mean 'optionalInputs'?",
    ],
    [{options: null}, `missing 'options', ${OPTIONS}`],
    [{options: '{scale: 1}'}, `options: ${OPTIONS}, got a map`],
    [{options: 'z.array(z.number())'}, `options: ${OPTIONS}, got a schema of array`],
    [{options: 'z.object({})'}, `options: ${OPTIONS}, got one that lets unknown keys through`],
    [{options: 'z.looseObject({})'}, `options: ${OPTIONS}, got one that lets unknown keys through`],
    [{options: "z.strictObject({a: z.number().describe('A')})"}, 'options.a: expected a default, got none'],
    [{options: "z.strictObject({a: z.number().optional().describe('A')})"}, 'options.a: expected a default, got none'],
    [
      {options: 'z.strictObject({a: z.number().default(1)})'},
      "options.a: expected a description (.describe('…')), got none",
    ],
    [
      {options: "z.strictObject({weight: z.number().default(1).describe('W')})"},
      'options.weight: every loss has this key, expected another name',
    ],
    [
      {options: "z.strictObject({'a.b': z.number().default(1).describe('A')})"},
      'options.a.b: expected a name of a-z, 0-9 and _ that begins with a letter',
    ],
    [
      {options: "z.strictObject({a: z.date().default(new Date()).describe('A')})"},
      'options: expected types that JSON has, got: Date cannot be represented in JSON Schema',
    ],
    [
      {options: "z.strictObject({a: z.number().default(1).transform(() => new Map()).describe('A')})"},
      'options: expected values of plain JSON, got others',
    ],
    [
      {options: "z.strictObject({a: z.number().min(2).prefault(1).describe('A')})"},
      'options: expected defaults that it takes itself, got a: Too small: expected number to be >=2',
    ],
  ])('%o', async (changes, message) => {
    expect(await mistakesOf(pluginCode(changes))).toEqual([message]);
  });

  test('every mistake has its line, and in a list its place', async () => {
    const code = `import {z} from 'zod';\nexport default [${lossCode()}, ${lossCode({summary: null, id: "'A'"})}, 3];`;
    expect(await mistakesOf(code)).toEqual([
      "default.1: id: expected an id of a-z, 0-9, _ and -, got 'A'",
      "default.1: missing 'summary', expected text",
      'default.2: expected what defineLoss gives, got 3',
    ]);
  });
});

describe('a module that gives no loss', () => {
  test.each([
    ["throw new Error('out of\\nluck')", 'cannot be loaded: out of luck'],
    ['throw null', 'cannot be loaded: null'],
    ['export const loss = 1', 'expected a default export (export default defineLoss({…})), got only loss'],
    ['', 'expected a default export (export default defineLoss({…})), got none'],
    ['export default null', 'expected what defineLoss gives, got null'],
    ["export default 'mse'", "expected what defineLoss gives, got 'mse'"],
    ['export default []', 'expected a loss or a list of losses, got an empty list'],
  ])('%s', async (code, message) => {
    expect(await mistakesOf(code)).toEqual([message]);
  });

  test('that is no JavaScript, or imports what is not there', async () => {
    expect(await mistakesOf('export default {')).toEqual([expect.stringMatching(/^cannot be loaded: \S/)]);
    expect(await mistakesOf("import 'no-such-package';")).toEqual([
      expect.stringMatching(/^cannot be loaded: .*no-such-package/),
    ]);
  });

  test('that cannot be read', async () => {
    mkdirSync(join(cwd, 'folder.mjs'), {recursive: true});
    expect((await usageMessage(lossesWith(['none.mjs', 'folder.mjs'], cwd))).split('\n')).toEqual([
      '--plugin: none.mjs: cannot be read: no such file',
      '--plugin: folder.mjs: expected a file, got a directory or a device',
    ]);
  });
});

test('the ids of two plugins differ', async () => {
  folder.write('again.mjs', pluginCode());
  expect(await usageMessage(lossesWith(['own.mjs', 'again.mjs'], cwd))).toBe(
    "--plugin: again.mjs: id: expected an id of its own, got 'own', which is in own.mjs already",
  );
});
