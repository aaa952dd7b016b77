import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPickle} from '../../../src/networks/import/pickle.js';
import {STATE_DICT_MEANING} from '../../../src/networks/import/state-dict.js';
import {fileWeights} from '../../../src/networks/weights/file.js';
import {smallNetwork} from './small.js';

/** Python's pickle.dumps of (value), protocol 2, by python3. */
const PYTHON: readonly (readonly [what: string, hex: string, value: unknown])[] = [
  [
    '[1, 300, 70000, -1, True, None]',
    '80025d7100284b014d2c014a701101004affffffff884e652e',
    [1, 300, 70000, -1, true, null],
  ],
  [
    "{'a': 'é', 'b': (1, 2)}",
    '80027d71002858010000006171015802000000c3a97102580100000062710 34b014b028671047 52e'.replaceAll(' ', ''),
    new Map<string, unknown>([
      ['a', 'é'],
      ['b', [1, 2]],
    ]),
  ],
  ['-2**40 + 5', '80028a060500000000ff2e', -(2n ** 40n) + 5n],
  ['0.5', '8002473fe00000000000002e', 0.5],
];

const read = (bytes: Buffer) => readPickle(bytes, 0, STATE_DICT_MEANING);

/** `c` GLOBAL, its arguments as a tuple of one text, REDUCE. */
const call = (module: string, name: string, text: string) =>
  Buffer.concat([
    Buffer.from(`\x80\x02c${module}\n${name}\n`, 'latin1'),
    Buffer.from([0x58, text.length, 0, 0, 0]),
    Buffer.from(text),
    Buffer.from([0x85, 0x52, 0x2e]),
  ]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-pickle-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe('a pickle', () => {
  test.each(PYTHON)('%s is read as Python reads it', (_what, hex, value) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(read(bytes)).toEqual({value, end: bytes.length});
  });

  test.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['subprocess', 'Popen'],
    ['torch._utils', '_rebuild_qtensor'],
    ['constructor', 'constructor'],
    ['', '__proto__'],
  ])('that calls %s.%s is refused', (module, name) => {
    expect(() => read(call(module, name, 'touch /tmp/owned'))).toThrow(
      `it holds ${module}.${name}, which is not loaded: only tensors are`,
    );
  });

  test('that calls through the stack, or extends its machine, is refused', () => {
    // STACK_GLOBAL of protocol 4: module and name are texts on the stack.
    const text = (value: string) => Buffer.concat([Buffer.from([0x8c, value.length]), Buffer.from(value)]);
    const stacked = Buffer.concat([
      Buffer.from([0x80, 4]),
      text('os'),
      text('system'),
      Buffer.from([0x93, 0x29, 0x52, 0x2e]),
    ]);
    expect(() => read(stacked)).toThrow('it holds os.system, which is not loaded');
    expect(() => read(Buffer.from([0x80, 2, 0x82, 1, 0x2e]))).toThrow(
      'the pickle has the operation 0x82, which no state dict needs',
    );
  });

  test('that ends early, or takes from an empty stack, is refused', () => {
    expect(() => read(Buffer.from([0x80, 2]))).toThrow('the pickle is cut short');
    expect(() => read(Buffer.from([0x80, 2, 0x58, 0xff, 0xff, 0xff, 0x7f]))).toThrow('the pickle is cut short');
    expect(() => read(Buffer.from([0x80, 2, 0x2e]))).toThrow('the pickle is damaged');
    expect(() => read(Buffer.from([0x80, 2, 0x75, 0x2e]))).toThrow('the pickle is damaged');
    expect(() => read(Buffer.from([0x80, 2, 0x4e, 0x52, 0x2e]))).toThrow('the pickle is damaged');
  });

  test('of another purpose, in the form of torch.save, is no state dict', async () => {
    const path = join(folder, 'other.pth');
    const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
    const rest = ['80024de9032e', '80027d71002e', '80025d71002e', '80025d71002e'].map((hex) => Buffer.from(hex, 'hex'));
    writeFileSync(path, Buffer.concat([magic, ...rest]));
    await expect(fileWeights(smallNetwork(), path)).rejects.toThrow('a PyTorch file without a state dict');
  });
});
