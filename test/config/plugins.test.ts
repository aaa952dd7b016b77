import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Ajv} from 'ajv';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {plainConfig} from '../../src/config/plain.js';
import {lossesWith} from '../../src/config/plugins.js';
import {type ConfigRequest, resolveConfig} from '../../src/config/resolve.js';
import {losses} from '../../src/losses/registry.js';
import {lossCode, PluginFolder, pluginCode} from './plugin-files.js';
import {bothInputs, stream, usageMessage} from './resolving.js';

const folder = new PluginFolder(afterAll);
const cwd = folder.path;

beforeAll(() => {
  folder.write('own.mjs', pluginCode());
  folder.write('configs/two.mjs', pluginCode({id: "'two'"}));
});

/** Resolves a config whose text is the file `configs/c.yaml`. */
function resolveFile(text: string, request: Partial<ConfigRequest> = {}) {
  folder.write('configs/c.yaml', text);
  return resolveConfig({cwd, file: 'configs/c.yaml', flags: bothInputs, ...request});
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

describe('a plugin of a named config', () => {
  test('is found beside the config, and its loss has its options', async () => {
    const config = await resolveFile(
      'plugins: [two.mjs]\nlosses: [mse, {type: two, id: mine, weight: 2, scale: 3}, two]',
    );
    expect(config.losses.map(({type, id, weight, options}) => [type, id, weight, options])).toEqual([
      ['mse', 'mse', undefined, {color: 'rgb', range: [0, 1], crop_border: 0}],
      ['two', 'mine', 2, {scale: 3}],
      ['two', 'two', undefined, {scale: 0.5}],
    ]);
    const file = join(cwd, 'configs/two.mjs');
    expect(config.plugins).toEqual([{file, sha256: sha256(file)}]);
  });

  test('its options are checked as those of any loss', async () => {
    const text = 'plugins: [two.mjs]\nlosses:\n  - {type: two, scale: x}\n  - {type: two, id: b, scael: 1}\n  - tow';
    expect((await usageMessage(resolveFile(text))).split('\n')).toEqual([
      "configs/c.yaml:3:24: losses.0.scale: expected a finite number, got 'x'",
      "configs/c.yaml:4:24: unknown key 'scael' in losses.1, expected type, id, weight, undefined or scale; did you mean 'scale'?",
      expect.stringMatching(
        /^configs\/c\.yaml:5:5: unknown loss 'tow', expected mse, .* or two; did you mean 'two'\?$/,
      ),
    ]);
  });

  test('may read roles that no built-in loss has', async () => {
    folder.write('configs/depth.mjs', pluginCode({id: "'depth'", inputs: "{pred: 'pixels', depth: 'scores'}"}));
    const text = 'plugins: [depth.mjs]\nlosses: [depth]';
    const {inputs} = await resolveFile(`${text}\ninputs: {depth: d}`);
    expect(inputs.depth).toBe(join(cwd, 'configs/d'));
    expect(await usageMessage(resolveFile(text))).toBe(
      "loss 'depth' needs depth: give --input depth=PATH or inputs.depth",
    );
  });

  test('a flag adds to it, relative to the working directory', async () => {
    const flags = {...bothInputs, plugins: ['own.mjs', 'configs/two.mjs']};
    const config = await resolveFile('plugins: [two.mjs]\nlosses: [own, two]', {flags});
    expect(config.plugins.map(({file}) => file)).toEqual([join(cwd, 'configs/two.mjs'), join(cwd, 'own.mjs')]);
  });

  test('standard input is named too, and --set and programs name what they give', async () => {
    const text = 'plugins: [own.mjs]\nlosses: [own]';
    const fromStdin = await resolveConfig({cwd, file: '-', flags: bothInputs, stdin: stream(text)});
    const fromSet = await resolveConfig({cwd, flags: bothInputs, set: ['plugins=[own.mjs]', 'losses=[own]']});
    const program = {...bothInputs, plugins: ['own.mjs'], losses: ['own']};
    const fromProgram = await resolveConfig({cwd, from: 'options', flags: program});
    for (const {losses: entries} of [fromStdin, fromSet, fromProgram]) expect(entries[0]?.type).toBe('own');
  });

  test('its record resolves to itself, and is refused when the file has changed', async () => {
    const file = folder.write('changing.mjs', pluginCode({id: "'changing'"}));
    const config = await resolveConfig({cwd, flags: {...bothInputs, plugins: ['changing.mjs'], losses: ['changing']}});
    const record = plainConfig(config, cwd);
    expect(record.plugins).toEqual([{file: 'changing.mjs', sha256: sha256(file)}]);
    const again = () => resolveConfig({cwd, file: '-', stdin: stream(JSON.stringify(record))});
    expect(plainConfig(await again(), cwd)).toEqual(record);
    const before = sha256(file);
    folder.write('changing.mjs', pluginCode({id: "'changing'", summary: "'Another'"}));
    expect(await usageMessage(again())).toMatch(
      new RegExp(`^<stdin>:1:\\d+: changing\\.mjs: has changed, expected the SHA-256 ${before}, got ${sha256(file)}$`),
    );
  });

  test('a file that changed is loaded anew in the same process', async () => {
    const summaries: unknown[] = [];
    for (const summary of ['One', 'Other']) {
      folder.write('anew.mjs', pluginCode({id: "'anew'", summary: `'${summary}'`}));
      summaries.push((await lossesWith(['anew.mjs'], cwd)).at(-1)?.summary);
    }
    expect(summaries).toEqual(['One', 'Other']);
  });
});

describe('a config that was found', () => {
  const found = new PluginFolder(afterAll);
  const request = {cwd: found.path, discover: true, flags: bothInputs};
  beforeAll(() => {
    found.write('trap.mjs', "throw new Error('this must not run');");
    found.write('own.mjs', pluginCode());
    found.write('cv-loss.yaml', 'losses: [own]\nplugins:\n  - trap.mjs\n  - own.mjs\n');
  });

  test('loads no plugin', async () => {
    const refusal =
      'plugins are code, which a config that was found and not named does not load; name it: --config cv-loss.yaml';
    expect((await usageMessage(resolveConfig(request))).split('\n')).toEqual([
      `cv-loss.yaml:3:5: ${refusal}`,
      `cv-loss.yaml:4:5: ${refusal}`,
    ]);
    expect(await usageMessage(resolveConfig({...request, from: 'options'}))).toContain(refusal);
    expect(await usageMessage(resolveConfig({...request, set: ['plugins.1=trap.mjs', 'plugins.0=own.mjs']}))).toBe(
      '--set plugins.1=trap.mjs: trap.mjs: cannot be loaded: this must not run',
    );
  });

  test('loads them when it is named', async () => {
    expect(await usageMessage(resolveConfig({...request, file: 'cv-loss.yaml'}))).toBe(
      'cv-loss.yaml:3:5: trap.mjs: cannot be loaded: this must not run',
    );
  });

  test('loads those that a flag names as well', async () => {
    found.write('cv-loss.yaml', 'losses: [own]\nplugins: [own.mjs]\n');
    const flags = {...bothInputs, plugins: [join(found.path, 'own.mjs')]};
    expect((await resolveConfig({...request, flags})).plugins).toHaveLength(1);
  });
});

test.each([
  ['plugins: own.mjs', "configs/c.yaml:1:10: plugins: expected a list, got 'own.mjs'"],
  ['plugins: [3]', 'configs/c.yaml:1:11: plugins.0: expected text or a map, got 3'],
  ["plugins: ['']", "configs/c.yaml:1:11: plugins.0: expected text that is not empty, got ''"],
  [
    'plugins: [{file: a.mjs, sha256: x}]',
    "configs/c.yaml:1:33: plugins.0.sha256: expected 64 hexadecimal digits, got 'x'",
  ],
])('%s', async (text, message) => {
  expect(await usageMessage(resolveFile(`${text}\nlosses: [mse, own]`))).toBe(message);
});

test('losses of a program are checked in the same way, and join the built-in ones', async () => {
  const [own] = (await lossesWith(['own.mjs'], cwd)).slice(-1);
  if (!own) throw new Error('own.mjs gives a loss');
  const request = {cwd, from: 'options', flags: {...bothInputs, losses: ['own', 'mse']}} as const;
  const config = await resolveConfig({...request, descriptors: [...losses, own]});
  expect(config.losses.map(({type}) => type)).toEqual(['own', 'mse']);
  const nameless = {...own, summary: ''};
  expect(await usageMessage(resolveConfig({...request, descriptors: [nameless]}))).toBe(
    "options: descriptors.0: summary: expected one line of text, got ''",
  );
});

test('the JSON Schema has the losses of plugins', async () => {
  const schema = configJsonSchema(await lossesWith(['own.mjs'], cwd));
  const validate = new Ajv({strict: true, strictTypes: false}).compile(schema);
  expect(validate({plugins: ['own.mjs'], losses: ['own', {type: 'own', scale: 2}]})).toBe(true);
  expect(validate({losses: [{type: 'own', scale: '2'}]})).toBe(false);
  const builtIn = new Ajv({strict: true, strictTypes: false}).compile(configJsonSchema());
  expect(builtIn({plugins: ['own.mjs'], losses: ['mse']})).toBe(true);
  expect(builtIn({losses: ['own']})).toBe(false);
});

test('a copy of zod that the plugin brings serves as well', async () => {
  folder.copyZod();
  folder.write(
    'foreign.mjs',
    `import {z} from 'other-zod';\nimport {z as ours} from 'zod';\nif (z === ours || z.ZodObject === ours.ZodObject) throw new Error('one zod');\nexport default ${lossCode(
      {
        id: "'foreign'",
        options: `z.strictObject({
        scale: z.number().positive().default(0.5).describe('the value'),
        window: z.strictObject({size: z.int().default(3)}).prefault({}).describe('a window'),
      })`,
      },
    )};`,
  );
  const resolved = (loss: string) =>
    resolveConfig({cwd, file: '-', flags: bothInputs, stdin: stream(`plugins: [foreign.mjs]\nlosses: [${loss}]`)});
  const {losses: entries} = await resolved('{type: foreign, scale: 2}');
  expect(entries[0]?.options).toEqual({scale: 2, window: {size: 3}});
  expect(await usageMessage(resolved('{type: foreign, scale: -1}'))).toBe(
    '<stdin>:2:33: losses.0.scale: expected a number above 0, got -1',
  );
  expect(await usageMessage(resolved('{type: foreign, window: {sise: 1}}'))).toBe(
    "<stdin>:2:35: unknown key 'sise' in losses.0.window, expected size; did you mean 'size'?",
  );
  const validate = new Ajv({strict: true, strictTypes: false}).compile(
    configJsonSchema(await lossesWith(['foreign.mjs'], cwd)),
  );
  expect(validate({losses: [{type: 'foreign', scale: 2}]})).toBe(true);
  expect(validate({losses: [{type: 'foreign', scale: -1}]})).toBe(false);
});
