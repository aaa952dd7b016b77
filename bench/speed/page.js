// Puts the tables of the last `npm run bench`, bench/results/speed.json, into docs/speed.md, between its two marks.
//   node bench/speed/page.js
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {markdown} from './markdown.js';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const [begin, end] = ['<!-- bench/speed/page.js writes from here -->', '<!-- to here -->'];

const measured = JSON.parse(readFileSync(path('bench/results/speed.json'), 'utf8'));
const page = readFileSync(path('docs/speed.md'), 'utf8');
const [from, to] = [page.indexOf(begin), page.indexOf(end)];
if (from < 0 || to < from) throw new Error(`docs/speed.md: expected a line ${begin} and, below it, a line ${end}`);
writeFileSync(path('docs/speed.md'), `${page.slice(0, from)}${begin}\n\n${markdown(measured)}\n\n${page.slice(to)}`);
