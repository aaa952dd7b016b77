// Writes what is made from the code: docs/losses.md from the registry, docs/messages.md from the messages, docs/formats.md from
// the fixtures, and what the commands of the guides print. Tests check that all are current. Needs a build.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {lossesPage} from '../dist/cli/losses-page.js';
import {messagesPage} from '../dist/cli/messages-page.js';

writeFileSync(new URL('../docs/losses.md', import.meta.url), lossesPage());
writeFileSync(new URL('../docs/messages.md', import.meta.url), messagesPage());

const pages = ['run', 'test/images/formats-page.test.ts', 'test/docs/guides.test.ts', '--update'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
execFileSync(process.execPath, [vitest, ...pages], {cwd: new URL('..', import.meta.url), stdio: 'inherit'});
