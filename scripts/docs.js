// Writes docs/losses.md from the registry, docs/messages.md from the messages and docs/formats.md from the fixtures. Tests
// check that all are current.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {lossesPage} from '../dist/cli/losses-page.js';
import {messagesPage} from '../dist/cli/messages-page.js';

writeFileSync(new URL('../docs/losses.md', import.meta.url), lossesPage());
writeFileSync(new URL('../docs/messages.md', import.meta.url), messagesPage());

const formats = ['run', 'test/images/formats-page.test.ts', '--update'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
execFileSync(process.execPath, [vitest, ...formats], {cwd: new URL('..', import.meta.url), stdio: 'inherit'});
