import fs, {type FileHandle} from 'node:fs/promises';
import {onTestFinished} from 'vitest';

const FILE_SYSTEM_CALLS = [
  'open',
  'rename',
  'rm',
  'readdir',
  'readFile',
  'lstat',
  'stat',
  'link',
  'copyFile',
  'mkdir',
  'rmdir',
] as const;
const HANDLE_CALLS = ['read', 'write', 'writeFile', 'truncate', 'stat', 'sync', 'datasync', 'close'] as const;

/** What becomes of file-system calls: called with the name of each, may throw in its stead. */
type Watch = (call: string) => void;

/** Lets `watch` see, and fail, every call that storage makes, until the test ends or `release` is called. */
export function watchFileSystem(watch: Watch): {release(): void} {
  const originals = new Map(FILE_SYSTEM_CALLS.map((name) => [name, fs[name]]));
  const release = () => {
    for (const [name, original] of originals) Object.assign(fs, {[name]: original});
  };
  for (const [name, original] of originals) {
    Object.assign(fs, {
      [name]: async (...args: unknown[]) => {
        watch(name);
        const result = await Reflect.apply(original, fs, args);
        if (name === 'open') watchHandle(result as FileHandle, watch);
        return result;
      },
    });
  }
  onTestFinished(release);
  return {release};
}

function watchHandle(handle: FileHandle, watch: Watch): void {
  for (const name of HANDLE_CALLS) {
    const original = handle[name];
    Object.assign(handle, {
      [name]: async (...args: unknown[]) => {
        // A close that fails has closed all the same.
        if (name === 'close') await Reflect.apply(original, handle, args);
        watch(`handle.${name}`);
        if (name !== 'close') return Reflect.apply(original, handle, args);
      },
    });
  }
}

/** Files opened for writing are the given device instead, until the test ends. */
export function openDeviceInstead(device: string): void {
  const original = fs.open;
  Object.assign(fs, {
    open: (path: string, flags?: string) => (flags === 'wx' ? original(device, 'w') : original(path, flags)),
  });
  onTestFinished(() => {
    Object.assign(fs, {open: original});
  });
}

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), {code});
}
