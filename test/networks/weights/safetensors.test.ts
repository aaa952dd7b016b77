import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {UsageError} from '../../../src/errors.js';
import {withSafetensors} from '../../../src/networks/weights/safetensors.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cv-loss-safetensors-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** A file of `{length, header, data}`, the length that of the header unless it lies. */
function file(header: unknown, data: Uint8Array = new Uint8Array(0), length?: bigint): string {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  const path = join(folder, 'weights.safetensors');
  writeFileSync(path, Buffer.concat([start, text, data]));
  return path;
}

function floats(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes;
}

function entry(shape: unknown, start: number, end: number, dtype = 'F32') {
  return {dtype, shape, data_offsets: [start, end]};
}

const read = (path: string, name = 'a') => withSafetensors(path, ({read: tensor}) => tensor(name));

/** The one line that a file is refused with. */
async function refusal(path: string, name?: string): Promise<string> {
  const error = await read(path, name).then(
    () => new Error('was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UsageError);
  const {message} = error as UsageError;
  expect(message).toContain(path);
  expect(message).not.toContain('\n');
  return message.replace(`weights '${path}': `, '');
}

describe('a safetensors file', () => {
  test('gives its tensors, whatever their order and alignment', async () => {
    const header = {
      __metadata__: {format: 'pt'},
      b: entry([2], 4, 12),
      a: entry([1, 1], 0, 4),
      none: entry([0, 3], 12, 12),
    };
    for (const pad of ['', ' ', '  ', '   ']) {
      const path = file(JSON.stringify(header) + pad, floats(0.5, -2, 1e-30));
      expect([...(await read(path, 'a'))]).toEqual([0.5]);
      expect([...(await read(path, 'b'))]).toEqual([-2, Math.fround(1e-30)]);
      expect(await read(path, 'none')).toHaveLength(0);
    }
  });

  test('that is not there or no file', async () => {
    expect(await refusal(join(folder, 'none'))).toBe('cannot be read: no such file');
    expect(await refusal(folder)).toBe('it is a folder, expected a safetensors file');
  });

  test('that is too short, or whose header length lies', async () => {
    const path = file({});
    truncateSync(path, 5);
    expect(await refusal(path)).toBe("no safetensors file: it has 5 bytes, the header's length alone takes 8");
    for (const length of [3n, 10n ** 9n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(await refusal(file('{}', undefined, length))).toBe(
        `no safetensors file, or cut short: its header would take ${length} bytes, at most 2 are possible`,
      );
    }
    expect(await refusal(file({a: entry([1], 0, 4)}, floats(1), 12n))).toBe('its header is not JSON');
  });

  test('whose header is something else', async () => {
    expect(await refusal(file('PK not json'))).toBe('its header is not JSON');
    expect(await refusal(file('[1]'))).toBe('its header is no JSON object');
    expect(await refusal(file('null'))).toBe('its header is no JSON object');
    expect(await refusal(file('{"a":null}'))).toBe('tensor a has no dtype');
    expect(await refusal(file({a: entry([1], 0, 4, 'F31')}))).toBe('tensor a has the unknown dtype F31');
  });

  test.each(['NaN', '[NaN]', '[-1]', '[1.5]', '["1"]', '[9007199254740993]', '{}'])(
    'whose shape is %s',
    async (shape) => {
      const header = `{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,4]}}`;
      const isJson = !shape.includes('NaN');
      expect(await refusal(file(header, floats(1)))).toBe(
        isJson ? 'tensor a has no shape of whole numbers' : 'its header is not JSON',
      );
    },
  );

  test('whose offsets do not hold the shape', async () => {
    expect(await refusal(file({a: entry([2], 0, 4)}, floats(1)))).toBe(
      'tensor a, F32 [2], takes 8 bytes, its data_offsets hold 4',
    );
    expect(await refusal(file({a: entry([1], 4, 0)}, floats(1)))).toContain('hold -4');
    expect(await refusal(file({a: entry([2 ** 40, 2 ** 40], 0, 4)}, floats(1)))).toContain('its data_offsets hold 4');
    expect(await refusal(file({a: {dtype: 'F32', shape: [1], data_offsets: [0]}}))).toBe(
      'tensor a has no two data_offsets',
    );
  });

  test('whose tensors overlap or leave gaps', async () => {
    expect(await refusal(file({a: entry([2], 0, 8), b: entry([1], 4, 8)}, floats(1, 2)))).toBe(
      'tensor b begins at byte 4, inside the tensor before it',
    );
    expect(await refusal(file({a: entry([1], 0, 4), b: entry([1], 8, 12)}, floats(1, 2, 3)))).toBe(
      'bytes 4 to 8 belong to no tensor',
    );
    expect(await refusal(file({a: entry([1], 0, 4)}, floats(1, 2)))).toBe('its tensors take 4 bytes, 8 are there');
  });

  test('that is cut short: nothing of the size it claims is allocated', async () => {
    const size = 4 * 2 ** 40;
    expect(await refusal(file({a: entry([2 ** 40], 0, size)}, floats(1, 2)))).toBe(
      `it is cut short: its tensors take ${size} bytes, 8 are there`,
    );
    const path = file({a: entry([3], 0, 12)}, floats(1, 2, 3));
    truncateSync(path, 8 + JSON.stringify({a: entry([3], 0, 12)}).length + 11);
    expect(await refusal(path)).toBe('it is cut short: its tensors take 12 bytes, 11 are there');
  });

  test('whose tensor is missing, of another type, or not finite', async () => {
    expect(await refusal(file({a: entry([2], 0, 4, 'F16')}, floats(1)))).toBe('tensor a is F16, expected F32');
    expect(await refusal(file({a: entry([1], 0, 4)}, floats(1)), 'toString')).toBe('there is no tensor toString');
    expect(await refusal(file({a: entry([3], 0, 12)}, floats(1, Number.NaN, 2)))).toBe(
      'tensor a holds NaN at 1, expected finite numbers',
    );
    expect(await refusal(file({a: entry([1], 0, 4)}, floats(Infinity)))).toContain('holds Infinity at 0');
  });
});
