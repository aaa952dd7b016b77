import {expect, test} from 'vitest';
import {checkMachine, thisMachine} from '../../src/setup/machine.js';

const DEBIAN = {platform: 'linux', arch: 'x64', glibc: '2.36'} as const;

test('linux-x64 with glibc will do', () => expect(() => checkMachine(DEBIAN)).not.toThrow());

test('this process says what it runs on', () => {
  expect(thisMachine()).toMatchObject({platform: process.platform, arch: process.arch});
});

test.each([
  [{...DEBIAN, platform: 'darwin'}, /not for darwin, only for linux-x64; use --device webgpu/],
  [{...DEBIAN, platform: 'win32'}, /not for win32, only for linux-x64; use --device webgpu .*WSL 2/],
  [{...DEBIAN, platform: 'freebsd'}, /not for freebsd, only for linux-x64; use --device cpu/],
  [{...DEBIAN, arch: 'arm64'}, /not for linux-arm64, only for linux-x64; use --device cpu/],
  [{...DEBIAN, glibc: null}, /need glibc.*musl.*use a Debian-based image/],
] as const)('%j is refused in one line', (machine, message) => {
  expect(() => checkMachine(machine)).toThrow(message);
  expect(() => checkMachine(machine)).toThrow(
    expect.objectContaining({name: 'UsageError', message: expect.not.stringContaining('\n')}),
  );
});
