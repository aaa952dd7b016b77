// Writes docs/losses.md from the registry. A test checks that the file is current.
import {writeFileSync} from 'node:fs';
import {lossesPage} from '../dist/cli/losses-page.js';

writeFileSync(new URL('../docs/losses.md', import.meta.url), lossesPage());
