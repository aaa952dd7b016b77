import {symlinkSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {gather, keys, refusal, Scratch} from './scratch.js';

/** A scratch folder with pictures, and a manifest in its subfolder `lists`. */
function manifest(name: string, text: string | Uint8Array): {scratch: Scratch; pairs: {path: string}; file: string} {
  const scratch = new Scratch();
  scratch.files('p', ['a.png', 'b.png', 'c.png', 'odd "name", really.png', 'new\nline.png', 'é.png']);
  scratch.files('t', ['a.png', 'b.png', 'c.png']);
  scratch.files('lists', []);
  const file = scratch.write(path.join('lists', name), text);
  return {scratch, pairs: {path: file}, file};
}

describe('a CSV manifest', () => {
  test('pairs by rows, with paths relative to its folder and the prediction as key', async () => {
    const {scratch, pairs, file} = manifest('m.csv', 'pred,target\n../p/b.png,../t/c.png\n../p/a.png,../t/a.png\n');
    expect(await gather({pairs})).toEqual({
      samples: [
        {key: '../p/a', files: {pred: scratch.path('p/a.png'), target: scratch.path('t/a.png')}},
        {key: '../p/b', files: {pred: scratch.path('p/b.png'), target: scratch.path('t/c.png')}},
      ],
      roots: {pred: file, target: file},
      shared: {},
      missing: [],
    });
  });

  test('takes quotes, CRLF, a byte order mark, blank lines, and line ends in cells', async () => {
    const {scratch, pairs} = manifest(
      'm.csv',
      '\ufeffkey, target ,pred\r\n"say ""hi""",../t/a.png,"../p/odd ""name"", really.png"\r\n\r\ntwo,"../t/b.png","../p/new\nline.png"',
    );
    expect((await gather({pairs})).samples).toEqual([
      {key: 'say "hi"', files: {pred: scratch.path('p/odd "name", really.png'), target: scratch.path('t/a.png')}},
      {key: 'two', files: {pred: scratch.path('p/new\nline.png'), target: scratch.path('t/b.png')}},
    ]);
  });

  test('has composed keys, absolute paths, and optional roles that may be empty', async () => {
    const {scratch, pairs} = manifest('m.csv', '');
    scratch.write(
      'lists/m.csv',
      `key,pred,target,weight\n${'é'.normalize('NFD')},${scratch.path('p/a.png')},../t/a.png,\nb,../p/b.png,../t/b.png,../p/c.png\n`,
    );
    expect((await gather({pairs})).samples).toEqual([
      {
        key: 'b',
        files: {pred: scratch.path('p/b.png'), target: scratch.path('t/b.png'), weight: scratch.path('p/c.png')},
      },
      {key: 'é'.normalize('NFC'), files: {pred: scratch.path('p/a.png'), target: scratch.path('t/a.png')}},
    ]);
  });

  test('without pred takes the key from the first role column', async () => {
    const {pairs} = manifest('m.csv', 'style,weight\n../p/a.png,../t/b.png\n');
    expect(await keys({pairs, requiredRoles: ['weight', 'style']})).toEqual(['../p/a']);
  });

  test.each([
    ['pred,target\n../p/a.png\n', '2: expected 2 cells as in the header, got 1'],
    ['pred,target\r\n"../p/new\nline.png",../t/a.png\r\n\r\na,b,c\r\n', '5: expected 2 cells as in the header, got 3'],
    ['pred,target\n"x\r\ny",z\n"../p/a.png,../t/a.png\n', '4: a quoted cell is never closed'],
    ['pred,target\n"a"b,c\n', '2: text after the closing quote of a cell'],
    ['pred,target\na"b,c\n', '2: a quote inside a cell that is not quoted'],
    ['pred,target,pred\na,b,c\n', '1: the header has the column "pred" twice'],
    ['pred,target\n,\n', '2: the row names no file'],
  ])('that is malformed is refused with its line: %j', async (text, expected) => {
    const {pairs, file} = manifest('m.csv', text);
    expect(await refusal({pairs})).toContain(`${file}:${expected}`);
  });

  test.each([
    ['', 'has no rows'],
    ['pred,target\n', 'has no rows'],
    [
      'predd,target\na,b\n',
      'unknown column "predd"; expected key, pred, target, weight, ignore, or a column that --group-by names',
    ],
    ['pred;target\na;b\n', 'unknown column "pred;target" (cells are separated by commas)'],
    ['pred,target,group\na,b,c\n', 'unknown column "group"'],
    ['pred,target,__proto__\na,b,c\n', 'unknown column "__proto__"'],
    ['pred,target,\na,b,\n', 'unknown column ""'],
    ['pred\n../p/a.png\n', 'no input for the role "target"'],
  ])('with the wrong columns is refused: %j', async (text, expected) => {
    const {pairs} = manifest('m.csv', text);
    expect(await refusal({pairs})).toContain(expected);
  });

  test('lists empty cells, duplicate keys and missing files with their lines', async () => {
    const rows = Array.from({length: 12}, (_, index) => `k${index},../p/gone${index}.png,../t/a.png`);
    const absent = manifest('m.csv', `key,pred,target\n${rows.join('\n')}\n`);
    const message = await refusal({pairs: absent.pairs});
    expect(message).toContain('12 files cannot be used: line 2, pred: ');
    expect(message).toContain(
      `line 11, pred: ${absent.scratch.path('p/gone9.png')}: no such file or directory (ENOENT)`,
    );
    expect(message).toContain('; and 2 more; to leave those rows out, use --allow-missing');
    expect(message).not.toContain('line 12');

    const empty = manifest('m.csv', 'pred,target\n../p/a.png,\n../p/b.png,../t/b.png\n,../t/c.png\n');
    expect(await refusal({pairs: empty.pairs})).toContain(
      '2 rows with an empty cell for a role that is needed (line 2: target, line 4: pred)',
    );

    const twice = manifest(
      'm.csv',
      'pred,target\n../p/a.png,../t/a.png\n../p/a.png,../t/b.png\n../p/a.jpg,../t/c.png\n',
    );
    expect(await refusal({pairs: twice.pairs, allowMissing: true})).toContain(
      '1 key in several rows (../p/a on lines 2 and 3 and 4)',
    );
  });

  test('under --allow-missing leaves out rows that lack a file, and says which', async () => {
    const {pairs} = manifest(
      'm.csv',
      'key,pred,target,weight\nd,../p/a.png,../t/gone.png,../p/gone.png\nc,../p/a.png,,\nb,../p/b.png,../t/b.png,\na,../p/a.png,../t/a.png,../p/no/such.png\n',
    );
    const {samples, missing} = await gather({pairs, allowMissing: true});
    expect(samples.map(({key}) => key)).toEqual(['b']);
    expect(missing).toEqual([
      {key: 'a', roles: ['weight']},
      {key: 'c', roles: ['target']},
      {key: 'd', roles: ['target', 'weight']},
    ]);
    const none = manifest('m.csv', 'pred,target\n../p/a.png,../t/gone.png\n');
    expect(await refusal({pairs: none.pairs, allowMissing: true})).toContain('no row has a file for every role');
  });

  test('refuses what is there and is no file, under --allow-missing too', async () => {
    const {scratch, pairs} = manifest('m.csv', 'pred,target\n../p/a.png,../t\n../p/b.png,../t/fifo.png\n');
    const fifo = scratch.fifo('t/fifo.png');
    const message = await refusal({pairs, allowMissing: true});
    expect(message).toContain(`line 2, target: ${scratch.path('t')}: a directory, not a file`);
    expect(message).toContain(`line 3, target: ${fifo}: a FIFO, not a file`);
  });

  test('of many rows in one folder finds the same files, links and gaps', async () => {
    const rows = ['pred,target'];
    const names = Array.from({length: 40}, (_, index) => `many/${index}.png`);
    for (const name of names) rows.push(`../p/${name},../t/a.png`);
    const {scratch, pairs} = manifest('m.csv', rows.join('\n'));
    scratch.files('p', names.slice(0, 38));
    scratch.files('outside', ['x.png']);
    symlinkSync('../../outside/x.png', scratch.path('p/many/38.png'));
    const {samples, missing} = await gather({pairs, allowMissing: true});
    // A link that the user names is the user's choice, wherever it leads.
    expect(samples).toHaveLength(39);
    expect(missing).toEqual([{key: '../p/many/39', roles: ['pred']}]);
  });

  test('stands beside single files that serve every sample, and nothing else', async () => {
    const {scratch, pairs} = manifest('m.csv', 'pred,target\n../p/a.png,../t/a.png\n../p/b.png,../t/b.png\n');
    const weight = scratch.path('p/c.png');
    const table = await gather({pairs, inputs: {weight}});
    expect(table.shared).toEqual({weight});
    expect(table.roots).toEqual({pred: pairs.path, target: pairs.path, weight});
    expect(table.samples.map(({files}) => files.weight)).toEqual([weight, weight]);
    expect(await refusal({pairs, inputs: {weight: scratch.path('p')}})).toContain('expected one file');
    expect(await refusal({pairs, inputs: {pred: weight}})).toContain('pred is given twice');
    expect(await refusal({pairs, match: {pred: '{key}'}})).toContain('match.pred');
    expect(await refusal({pairs, inputs: {style: weight}})).toContain('no configured loss reads the role "style"');
  });

  test('gives groups by its columns', async () => {
    const {pairs} = manifest(
      'm.csv',
      'pred,target,scene,hour\n../p/b.png,../t/b.png,$&,2\n../p/a.png,../t/a.png,old town,1\n',
    );
    const groups = async (groupBy: string) => (await gather({pairs, groupBy})).samples.map(({group}) => group);
    expect(await groups('{scene} at {hour}, {dir}')).toEqual(['old town at 1, ../p', '$& at 2, ../p']);
    expect(await refusal({pairs, groupBy: 'scene'})).toContain('unknown column "hour"');
    const one = manifest('m.csv', 'pred,target,group\n../p/b.png,../t/b.png,x\n');
    expect((await gather({pairs: one.pairs, groupBy: 'group'})).samples[0]?.group).toBe('x');
    expect(await refusal({pairs: one.pairs, groupBy: '{group}/{town}'})).toContain(
      'group_by: expected one of {dir}, {key}, {pred}, {target}, {group}, got "{group}/{town}"',
    );
  });
});

test('a header of 200,000 columns is looked through soon', async () => {
  const {pairs, file} = manifest('m.csv', `key,${Array.from({length: 200_000}, (_, i) => `c${i}`).join()},key\n`);
  const begun = process.cpuUsage();
  expect(await refusal({pairs})).toContain(`${file}:1: the header has the column "key" twice`);
  const {user, system} = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(4000);
});

describe('a JSONL manifest', () => {
  test('pairs by lines', async () => {
    const {scratch, pairs} = manifest(
      'm.jsonl',
      '\ufeff{"pred": "../p/é.png", "target": "../t/a.png", "n": 3}\r\n\n{"key": "k", "n": null, "target": "../t/b.png", "pred": "../p/b.png", "weight": null}\n',
    );
    const {samples} = await gather({pairs, groupBy: '{n}'});
    expect(samples).toEqual([
      {key: '../p/é', files: {pred: scratch.path('p/é.png'), target: scratch.path('t/a.png')}, group: '3'},
      {key: 'k', files: {pred: scratch.path('p/b.png'), target: scratch.path('t/b.png')}, group: ''},
    ]);
  });

  test.each([
    ['{"pred": "../p/a.png", "target": "../t/a.png"}\n{"pred"\n', '2: not JSON: '],
    ['\n[1]\n', '2: expected one JSON object a line'],
    ['null\n', '1: expected one JSON object a line'],
    ['{"pred": ["a.png"], "target": "b"}\n', '1: expected text in "pred", got ["a.png"]'],
    ['{"pred": ["\u009b31m"], "target": "b"}\n', '1: expected text in "pred", got ["\\u{9b}31m"]'],
    ['{"pred": \u001b[31m}\n', "1: not JSON: Unexpected token '\\u{1b}'"],
    [`{"pred": ${'['.repeat(1e5)}${']'.repeat(1e5)}}\n`, '1: not JSON: nested too deeply, expected at most 200 levels'],
    ['{"pred": "a", "target": "b", "tagret": "c"}\n', ' unknown column "tagret"'],
    ['{"__proto__": "a", "pred": "a", "target": "b"}\n', ' unknown column "__proto__"'],
    ['{"pred": "a\\u0000b", "target": "../t/a.png"}\n', ' 1 file cannot be used: line 1, pred: '],
  ])('that is malformed is refused with its line: %j', async (text, expected) => {
    const {pairs, file} = manifest('m.jsonl', text);
    expect(await refusal({pairs})).toContain(`${file}:${expected}`);
  });
});

describe('a manifest', () => {
  test('from standard input is told by its content, and relative to the working directory', async () => {
    const {scratch} = manifest('m.csv', '');
    const [pred, target] = ['p/a.png', 't/a.png'].map((name) => path.relative(process.cwd(), scratch.path(name)));
    const expected = [
      {key: pred?.slice(0, -4), files: {pred: scratch.path('p/a.png'), target: scratch.path('t/a.png')}},
    ];
    for (const text of [`pred,target\n${pred},${target}\n`, `\ufeff${JSON.stringify({pred, target})}`]) {
      expect((await gather({pairs: {path: '-', text}})).samples).toEqual(expected);
    }
    expect(await refusal({pairs: {path: '-', text: '[{"pred": "a"}]'}})).toContain('standard input is a JSON array');
    expect(await refusal({pairs: {path: '-', text: 'pred,target\na\n'}})).toContain(
      'standard input:2: expected 2 cells',
    );
  });

  test('is told by its content where the extension does not say', async () => {
    const {pairs} = manifest('list.txt', '{"pred": "../p/a.png", "target": "../t/a.png"}');
    expect(await keys({pairs})).toEqual(['../p/a']);
    const csv = manifest('list', 'pred,target\n../p/a.png,../t/a.png');
    expect(await keys({pairs: csv.pairs})).toEqual(['../p/a']);
  });

  test('that cannot be read is refused', async () => {
    const {scratch, pairs} = manifest('m.csv', Uint8Array.of(0x70, 0xff, 0xfe));
    expect(await refusal({pairs})).toContain('is not UTF-8 text');
    expect(await refusal({pairs: {path: scratch.path('none.csv')}})).toContain('(ENOENT)');
    expect(await refusal({pairs: {path: scratch.path('p')}})).toContain('is not a regular file');
  });
});
