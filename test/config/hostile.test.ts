import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {resolveConfig} from '../../src/config/resolve.js';
import {asOrdinaryUser} from '../ordinary-user.js';
import {bothInputs, mistakeOf, resolveText, usageMessage} from './resolving.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cv-loss-config-'));
});
afterAll(() => rm(folder, {recursive: true}));

/** The message for a file of these bytes, its name without the folder. */
async function mistakeOfFile(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return usageMessage(resolveConfig({cwd: folder, file: name, flags: bothInputs}));
}

const MIB = 1024 * 1024;
const fill = (piece: string) => piece.repeat(Math.floor(MIB / piece.length));
/** Nine aliases of the level before, nine levels deep. */
const bomb = `a0: &a0 [x]\n${Array.from({length: 9}, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`).join('\n')}`;

test.each([
  ['alias bomb', bomb, /^<stdin>:\d+:\d+: too much for a config: more than 10000 values, aliases counted$/],
  ['many aliases', `a: &a [x]\nb: [${'*a,'.repeat(300_000)}]`, /^<stdin>:2:\d+: too much for a config/],
  ['an alias inside its anchor', 'losses: &a [*a]', /^<stdin>:1:13: alias '\*a' has no complete anchor before it$/],
  ['an alias without an anchor', 'losses: *a', /^<stdin>:1:9: /],
  ['nested lists', fill('['), /^<stdin>:1:51: nested too deeply, expected at most 50 levels$/],
  ['nested maps of one line', fill('{a: '), /^<stdin>:1:201: nested too deeply/],
  [
    'nested lists, closed',
    `a: ${'['.repeat(60)}${']'.repeat(60)}`,
    /^<stdin>:1:\d+: nested too deeply, expected at most 50 levels$/,
  ],
  [
    'nested maps',
    Array.from({length: 1000}, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    /^<stdin>:51:51: nested too deeply/,
  ],
  ['compact lists', fill('- '), /^<stdin>:1:101: nested too deeply/],
  ['compact keys', fill('? '), /^<stdin>:1:101: nested too deeply/],
  ['compact values', fill(': '), /^<stdin>:1:101: nested too deeply/],
  ['many keys', Array.from({length: 100_000}, (_, i) => `k${i}: 1`).join('\n'), /too much for a config/],
  ['many documents', fill('---\n'), /too much for a config/],
  ['many newlines', `a${fill('\n').slice(1)}`, /^<stdin>:10000:1: too much for a config/],
  ['open quote', `"${'a'.repeat(MIB - 1)}`, /^<stdin>:1:1: too much for a config: one value of more than 64 KiB$/],
  [
    'long block',
    `a: |\n${' x\n'.repeat(300_000)}`,
    /^<stdin>:2:1: too much for a config: one value of more than 64 KiB$/,
  ],
  ['unexpected brackets', ']'.repeat(9_900), /^<stdin>:1:1: not YAML: Unexpected flow-seq-end/],
  ['over 1 MiB', 'a'.repeat(MIB + 1), /^<stdin>: over 1 MiB, which no config is$/],
  [
    'duplicate key',
    'losses: [mse]\nlosses: [mae]',
    /^<stdin>:2:1: duplicate key 'losses', set already on line 1; remove one$/,
  ],
  ['duplicate number key', 'losses: [{type: mse, 1: a, "1": b}]', /^<stdin>:1:28: duplicate key '1'/],
  [
    'two documents',
    'losses: [mse]\n---\nlosses: [mae]',
    /^<stdin>:2:1: a second document, expected one; remove the line ---$/,
  ],
  ['a list', '- mse', /^<stdin>:1:1: expected a map such as 'losses: \[mse\]', got a list$/],
  ['text', 'mse', /^<stdin>:1:1: expected a map such as 'losses: \[mse\]', got 'mse'$/],
  ['tabs', 'image:\n\tsize: crop', /^<stdin>:2:1: not YAML: Tabs are not allowed as indentation$/],
  ['nothing', '', /^<stdin>:1:1: empty, expected a map such as 'losses: \[mse\]'$/],
  ['a comment', '# nothing\n', /^<stdin>:1:1: empty/],
  ['a tag', 'losses: !!js/function "x"', /^<stdin>:1:9: not YAML: Unresolved tag: tag:yaml.org,2002:js\/function$/],
  ['a list as key', '? [a]\n: b', /^<stdin>:1:3: a key must be text, got a list, map or alias$/],
  ['no key', ': b', /^<stdin>:1:1: a key must be text/],
  ['NUL', 'losses: [mse]\0', /^<stdin>: not UTF-8 text, expected YAML or JSON$/],
])(
  '%s',
  async (_name, text, message) => {
    const said = await mistakeOf(text);
    expect(said).toMatch(message);
    expect(said).not.toContain('\n');
  },
  5000,
);

test('YAML that no config needs is still read: aliases, a byte order mark, Windows line ends', async () => {
  const text = '\ufeffinputs: &roles {weight: w}\r\nlosses:\r\n  - &first {type: mse, crop_border: 2}\r\n  - mae\r\n';
  const config = await resolveText(text);
  expect(config.losses.map(({id}) => id)).toEqual(['mse', 'mae']);
  const aliased = await resolveText('losses: [{type: mse, range: &r [0, 255]}, {type: mae, range: *r}]');
  expect(aliased.losses.map(({options}) => options.range)).toEqual([
    [0, 255],
    [0, 255],
  ]);
});

test('a mistake behind an alias is where it was written', async () => {
  expect(await mistakeOf('losses:\n  - {type: mse, range: &r [1, 0]}\n  - {type: mae, range: *r}')).toBe(
    [
      '<stdin>:2:27: losses.0.range: expected [low, high] with low < high, got [1, 0]',
      '<stdin>:2:27: losses.1.range: expected [low, high] with low < high, got [1, 0]',
    ].join('\n'),
  );
});

test.each([
  ['{"losses": ["mse",]}', "1:19: not JSON: Unexpected token ']'"],
  ["{'losses': []}", "1:2: not JSON: Expected property name or '}'"],
  ['{\n  // comment\n  "losses": ["mse"]\n}', "2:3: not JSON: Expected property name or '}'"],
  ['{"losses": ["mse"]', "1:19: not JSON: Expected ',' or '}' after property value"],
  ['losses: [mse]', "1:1: not JSON: Unexpected token 'l'"],
])('a .json file is strict JSON: %s', async (text, message) => {
  expect(await mistakeOfFile('c.json', text)).toBe(`c.json:${message}; a .json file is strict JSON, without comments`);
});

test('JSON has lines, columns and duplicate keys as YAML has', async () => {
  expect(await mistakeOfFile('c.json', '{\n\t"losses": [\n\t\t"sssim"\n\t]\n}')).toMatch(
    /^c\.json:3:3: unknown loss 'sssim'/,
  );
  expect(await mistakeOfFile('c.json', '{"device": "cpu",\n "device": "auto"}')).toBe(
    "c.json:2:2: duplicate key 'device', set already on line 1; remove one",
  );
  expect(await mistakeOfFile('c.json', '{"losses": [{"type": "mse", "__proto__": 1}]}')).toMatch(
    /^c\.json:1:29: unknown key '__proto__' in losses\.0/,
  );
  expect(await mistakeOfFile('c.json', '')).toMatch(/^c\.json:1:1: empty/);
  expect(await mistakeOfFile('c.json', '['.repeat(9000) + ']'.repeat(9000))).toMatch(
    /^c\.json:1:\d+: nested too deeply/,
  );
}, 5000);

test.each(['[', '{"a":', '1,', '"', '\\u00', '//'])(
  'a .json file of %s alone',
  async (piece) => {
    expect(await mistakeOfFile('c.json', fill(piece))).toMatch(
      /^c\.json:\d+:\d+: (nested too deeply|too much|not JSON)[^\n]*$/,
    );
  },
  5000,
);

test('what a terminal would obey is escaped, wherever it stands', async () => {
  expect(await mistakeOf('loss\ufeffes: [mse]')).toMatch(/^<stdin>:1:1: unknown key 'loss\\ufeffes'/);
  expect(await mistakeOf('losses: ["m\u202ese\\e[31m"]')).toMatch(/unknown loss 'm\\u202ese\\u001b\[31m'/);
  expect(await mistakeOfFile('c.json', '{"losses": \u001b[31m}')).toMatch(
    /^c\.json:1:\d+: not JSON: Unexpected token '\\u\{1b\}'/,
  );
});

test('bytes that are no text', async () => {
  expect(await mistakeOfFile('c.yaml', Uint8Array.of(0x89, 0x50, 0x4e, 0x47))).toBe(
    'c.yaml: not UTF-8 text, expected YAML or JSON',
  );
  expect(await mistakeOfFile('c.yaml', Buffer.from('\ufefflosses: [mse]', 'utf16le'))).toBe(
    'c.yaml: not UTF-8 text, expected YAML or JSON',
  );
});

test('files that cannot be read', async () => {
  const load = (file: string) => usageMessage(resolveConfig({cwd: folder, file, flags: bothInputs}));
  expect(await load('none.yaml')).toBe('none.yaml: cannot be read: no such file');
  expect(await load('.')).toBe('.: cannot be read: a directory, expected a config file');
});

test('a file without permission', async () => {
  await writeFile(join(folder, 'locked.yaml'), 'losses: [mse]');
  await chmod(join(folder, 'locked.yaml'), 0);
  await chmod(folder, 0o755);
  const message = await asOrdinaryUser(() =>
    usageMessage(resolveConfig({cwd: folder, file: 'locked.yaml', flags: bothInputs})),
  );
  expect(message).toBe('locked.yaml: cannot be read: permission denied');
});
