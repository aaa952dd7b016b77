/** Loaded before the command: the N-th call of the file system fails (CV_LOSS_TORTURE_CALL), with the error that is named. */

import {appendFileSync} from 'node:fs';
import fs from 'node:fs/promises';

const {CV_LOSS_TORTURE_CALL, CV_LOSS_TORTURE_ERROR = 'EIO', CV_LOSS_TORTURE_LOG} = process.env;
const failing = Number(CV_LOSS_TORTURE_CALL);
const CALLS = ['open', 'rename', 'rm', 'readdir', 'readFile', 'lstat', 'stat', 'link', 'copyFile', 'mkdir', 'rmdir'];
const HANDLE_CALLS = ['read', 'readFile', 'write', 'writeFile', 'truncate', 'stat', 'sync', 'datasync', 'close'];

let calls = 0;

function count(name) {
  if (++calls !== failing) return;
  appendFileSync(CV_LOSS_TORTURE_LOG, name);
  throw Object.assign(new Error(`${CV_LOSS_TORTURE_ERROR}: made by the torture`), {code: CV_LOSS_TORTURE_ERROR});
}

for (const name of CALLS) {
  const original = fs[name];
  fs[name] = async (...args) => {
    // By URL Node reads its own modules.
    if (!(args[0] instanceof URL)) count(name);
    const result = await original.apply(fs, args);
    if (name === 'open') watch(result);
    return result;
  };
}

function watch(handle) {
  for (const name of HANDLE_CALLS) {
    const original = handle[name];
    handle[name] = async (...args) => {
      // A close that fails has closed all the same.
      if (name === 'close') await original.apply(handle, args);
      count(`handle.${name}`);
      return name === 'close' ? undefined : original.apply(handle, args);
    };
  }
}
