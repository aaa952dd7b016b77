import fc from 'fast-check';
import {expect, test} from 'vitest';
import {printable, printableJson, terminalText} from '../src/printable.js';

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

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

test('text of the terminal keeps line ends and colours, and nothing else that is obeyed', () => {
  expect(terminalText('\u001b[1mloss\u001b[22m\n\u001b[2Ja\u001b]0;t\u0007\u009b31m\tb\n')).toBe(
    '\u001b[1mloss\u001b[22m\n\\u{1b}[2Ja\\u{1b}]0;t\\u{7}\\u{9b}31m\\tb\n',
  );
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
      expect(terminalText(text).replaceAll(/\u001b\[\d{1,3}m/g, '')).not.toMatch(OBEYED);
    }),
  );
});

test('printable JSON is the same value, without what a terminal would obey', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({unit: 'binary'}), fc.string({unit: 'binary'})), (value) => {
      const text = printableJson(value);
      expect(text).not.toMatch(OBEYED);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
