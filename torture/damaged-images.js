/** The child of torture/images.js: decodes damaged images, and tells the parent of each before it begins. */
import {readFileSync, writeFileSync} from 'node:fs';
import {decodeImage} from '../dist/images/decode.js';
import {judged} from '../fuzz/judge.js';
import {mutated} from '../fuzz/mutate.js';
import {resealedPng} from '../fuzz/resealed-png.js';
import {seeded} from './seeded.js';

const [first, count, seed, current, ...files] = process.argv.slice(2);
const OPTIONS = {
  color: 'auto',
  alpha: 'drop',
  orient: true,
  icc: 'ignore',
  page: null,
  maxPixels: 100_000,
  palette: null,
};
const READINGS = ['pixels', 'pixels', 'labels', 'mask'];
const BATCH = 100;

const images = files.map((path) => readFileSync(path));
const counts = {};
let faults = [];
for (let i = Number(first); i < Number(first) + Number(count); i++) {
  // A seed an image, so that any of them can be made again.
  const next = seeded(Number(seed) + i);
  for (let warm = 0; warm < 8; warm++) next();
  const from = next() % images.length;
  const damaged = mutated(images[from], images, next);
  const bytes = i % 2 === 0 ? damaged : resealedPng(damaged);
  writeFileSync(current, bytes);
  const begun = process.cpuUsage();
  const outcome = await decodeImage(bytes, 'image', READINGS[next() % READINGS.length], OPTIONS).catch(
    (error) => error,
  );
  const {user, system} = process.cpuUsage(begun);
  const milliseconds = (user + system) / 1000;
  const {name, fault} = judged(outcome);
  counts[name] = (counts[name] ?? 0) + 1;
  const problem = fault ?? (milliseconds > 5000 ? `${Math.round(milliseconds)} ms` : null);
  if (problem !== null) faults.push(`image ${i}, of ${files[from]}: ${problem}`);
  if (i % BATCH === 0 || faults.length > 0) {
    process.send({at: i, faults});
    faults = [];
  }
}
process.send({at: Number(first) + Number(count), faults, counts});
