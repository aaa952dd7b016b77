// A thread that ends where a sample's key says so: always, or the first time (a file remembers it).
import {existsSync, writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

export default async (task) => {
  if (task === null) return null;
  const {key, files} = task.sample;
  if (key.startsWith('always')) process.exit(1);
  if (key.startsWith('once') && !existsSync(files.pred)) {
    writeFileSync(files.pred, '');
    process.exit(1);
  }
  if (key === 'ends the run') return {ending: {kind: 'run', code: 'disk-full', message: 'no space'}};
  if (key === 'usage') return {ending: {kind: 'usage', code: 'CVL-D001', message: 'no sharp'}};
  await sleep(20);
  return {sha256: {}, files: {}, height: 1, width: 1, bytes: 3, outcomes: []};
};
