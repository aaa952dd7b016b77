import {readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';
import {completedProgram} from '../../src/cli/completion-tree.js';
import {everyCommand} from '../../src/completion/command-tree.js';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {AREAS, allMessages, type ListedMessage} from '../../src/messages/catalogue.js';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const program = readdirSync(source, {recursive: true, encoding: 'utf8'})
  .filter((file) => file.endsWith('.ts') && !file.startsWith('messages/'))
  .map((file) => readFileSync(source + file, 'utf8'))
  .join('\n');
const messages = allMessages();

/** What a pattern's first group holds, wherever the program has it. */
function found(pattern: RegExp): string[] {
  return [...new Set([...program.matchAll(pattern)].map(([, name]) => name as string))].sort();
}

function codesThatEndIn(end: ListedMessage['exit']): string[] {
  return messages.flatMap(({code, exit}) => (exit === end ? [code] : [])).sort();
}

describe('the catalogue of messages', () => {
  test('has each code once, by areas that are named', () => {
    const codes = messages.map(({code}) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) {
      expect(code).toMatch(/^CVL-[A-Z]\d{3}$/);
      expect(Object.keys(AREAS)).toContain(code[4]);
    }
  });

  test('lists just the codes that the program names', () => {
    expect(found(/'(CVL-[A-Z]\d{3})'/g)).toEqual([...codesThatEndIn(2), ...codesThatEndIn(null)]);
  });

  test('explains every notice that the program gives, and no other', () => {
    const given = found(/\bnotice\(\s*'(CVL-[A-Z]\d{3})'/g);
    expect(given).toEqual(codesThatEndIn(null));
    expect(given.length).toBeGreaterThan(20);
  });

  test('has a code for all that is told, but for how far a run is', () => {
    const told = found(/\bonNotice\)?(?:\?\.)?\(\s*['`](.+)['`]/g);
    expect(told.map((text) => text.replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')).sort()).toEqual([
      'going on with an interrupted run',
      'going on with an interrupted run: … in …',
      "networks run on ONNX Runtime's … provider…",
      'process … is pulling … (…); waiting for it',
      'the queue at … is back',
      '… is given back, … of … rows done',
      '… of … rows are kept in …: the same command goes on with them',
      '… of … shards are there',
      '… · … rows · … s',
    ]);
  });

  test('explains the reason of every row that the program lets fail', () => {
    const thrown = found(/new SampleError\(\s*'([a-z-]+)'/g);
    const told = messages.filter(({exit}) => exit === 3).map(({name}) => name as string);
    expect(thrown.length).toBeGreaterThan(25);
    // Those two are given as data, not thrown under their name.
    expect([...thrown, 'loss-failed', 'undefined-value'].sort()).toEqual(told.sort());
  });

  test('explains the name of every error that ends a run, and no other', () => {
    const told = messages.filter(({exit}) => exit === 4).map(({name}) => name as string);
    const missing = told.filter((name) => !program.includes(`'${name}'`));
    expect(missing).toEqual([]);
  });

  test('says of each what, why and what to do, in sentences of their own', () => {
    for (const {code, title, cause, remedy} of messages) {
      expect(title, code).toMatch(/^[\w-].*[^.]$/);
      expect(title.length, code).toBeLessThan(90);
      for (const text of [cause, remedy]) expect(text, code).toMatch(/^\S.{15,}[.!]$/);
      expect(cause, code).not.toBe(remedy);
    }
    for (const field of ['title', 'cause'] as const) {
      const texts = messages.map((message) => message[field]);
      expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
    }
  });

  test('names only commands, options, environment variables and keys that there are', async () => {
    const text = messages.map(({cause, remedy}) => `${cause} ${remedy}`).join('\n');
    const named = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
    const commands = everyCommand(await completedProgram());
    const flags = commands.flatMap(({options}) => options.flatMap((option) => option.flags));
    // Of npm and Git: their own.
    const given = named(/(?<!npm [a-z -]*)(--[a-z][a-z-]*)/g);
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((flag) => !flags.includes(flag))).toEqual([]);
    const paths = commands.map(({path}) => path);
    const called = named(/`cv-loss ([a-z]+)/g);
    expect(called.length).toBeGreaterThan(8);
    expect(called.filter((name) => !paths.includes(name))).toEqual([]);
    const schema = JSON.stringify(configJsonSchema());
    const keys = named(/`((?:image|report)\.(?!json)[a-z_]+)/g).map((key) => key.split('.')[1]);
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => !schema.includes(`"${key}":`))).toEqual([]);
    const variables = named(/\b(CV_LOSS_[A-Z_]+)/g);
    expect(variables.length).toBeGreaterThan(1);
    expect(variables.filter((name) => !program.includes(name))).toEqual([]);
  });
});
