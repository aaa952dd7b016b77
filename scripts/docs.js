// Writes docs/losses.md from the registry and docs/formats.md from the fixtures. Tests check that both are current.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {lossesPage} from '../dist/cli/losses-page.js';

writeFileSync(new URL('../docs/losses.md', import.meta.url), lossesPage());

const formats = ['run', 'test/images/formats-page.test.ts', '--update'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
execFileSync(process.execPath, [vitest, ...formats], {cwd: new URL('..', import.meta.url), stdio: 'inherit'});
