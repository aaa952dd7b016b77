import fc from 'fast-check';
import {expect, test} from 'vitest';
import {printable} from '../src/printable.js';

test('printable text has no control, no line end and no mark that reorders text', () => {
  expect(printable('a\nb\r\t\u0000\u001b[0m\u0085\u2028\u202e\ud800')).toBe(
    'a\\nb\\r\\t\\u{0}\\u{1b}[0m\\u{85}\\u{2028}\\u{202e}\\u{d800}',
  );
  expect(printable('日本語 🙂 é "quoted" \\')).toBe('日本語 🙂 é "quoted" \\');
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
