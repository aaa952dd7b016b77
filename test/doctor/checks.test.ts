import {describe, expect, test} from 'vitest';
import {checkMemory} from '../../src/doctor/memory.js';
import {isAtLeast} from '../../src/doctor/node.js';

const GIB = 2 ** 30;

test.each([
  ['20.19.0', '20.19', true],
  ['20.19', '20.19.0', true],
  ['20.18.9', '20.19', false],
  ['20.9.0', '20.19', false],
  ['22.0.0', '20.19', true],
  ['18.20.8', '20.19', false],
  ['100.0.0', '20.19', true],
  ['24.0.0-nightly', '20.19', true],
])('%s at least %s: %s', (version, least, expected) => expect(isAtLeast(version, least)).toBe(expected));

describe('memory', () => {
  test('of a machine', async () => {
    expect(await checkMemory({total: 16 * GIB, free: 4 * GIB, constrained: 0})).toEqual({
      status: 'ok',
      detail: '16.0 GiB, 4.0 GiB free',
      facts: {total_bytes: 16 * GIB, free_bytes: 4 * GIB, container_limit_bytes: null},
    });
  });

  test('of a container without a limit, which Node gives as a huge number', async () => {
    const {facts} = await checkMemory({total: 16 * GIB, free: 4 * GIB, constrained: 2 ** 63});
    expect(facts).toMatchObject({container_limit_bytes: null});
  });

  test('little in a container, or little that is free', async () => {
    const container = await checkMemory({total: 16 * GIB, free: 9 * GIB, constrained: GIB / 2});
    expect(container).toMatchObject({status: 'notice', remedy: 'cv-loss eval --batch-size 1'});
    expect(container.detail).toContain('limited to 0.5 GiB by the container');
    expect(await checkMemory({total: 16 * GIB, free: GIB / 2, constrained: 0})).toMatchObject({status: 'notice'});
  });
});
