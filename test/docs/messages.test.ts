import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {messagesPage} from '../../src/cli/messages-page.js';

test('docs/messages.md is what the messages say; npm run docs writes it again', () => {
  expect(readFileSync('docs/messages.md', 'utf8')).toBe(messagesPage());
});
