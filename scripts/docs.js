// Writes what is made from the code: docs/messages.md from the messages, docs/api from the declarations, docs/losses.md and the
// page of each loss from the registry, docs/formats.md from the fixtures, and what the commands of the guides print. Tests check
// that all are current, `scripts/api.js --check` that docs/api is. Needs a build.
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {messagesPage} from '../dist/cli/messages-page.js';
import './api.js';

writeFileSync(new URL('../docs/messages.md', import.meta.url), messagesPage());

const pages = ['test/docs/losses.test.ts', 'test/images/formats-page.test.ts', 'test/docs/guides.test.ts'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const root = new URL('..', import.meta.url);
execFileSync(process.execPath, [vitest, 'run', ...pages, '--update'], {cwd: root, stdio: 'inherit'});
