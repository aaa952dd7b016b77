import fc from 'fast-check';
import {expect, test} from 'vitest';
import {commandText, printable, printableJson, terminalText} from '../src/printable.js';

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

/** What the logs of GitHub, Azure Pipelines and TeamCity take for a command. */
const COMMANDS = /^\s*::|##\w*\[/m;

test('text of the terminal holds no command to a CI service', () => {
  expect(terminalText('::error::a\n  ::set-output name=b::c\nd ::e\n: :f')).toBe(
    '\\u{3a}:error::a\n  \\u{3a}:set-output name=b::c\nd ::e\n: :f',
  );
  expect(terminalText('a ##[add-mask]b ##vso[task.setvariable]c ###[d] ## e [f]')).toBe(
    'a #\\u{23}[add-mask]b #\\u{23}vso[task.setvariable]c ##\\u{23}[d] ## e [f]',
  );
  const piece = fc.constantFrom(':', '::', '#', '##', '[', ']', ' ', '\t', '\n', '\u001b[31m', '\ufeff', 'vso', 'a');
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 12}), (pieces) => {
      const text = pieces.join('');
      expect(terminalText(text)).not.toMatch(COMMANDS);
      expect(JSON.stringify(JSON.parse(printableJson([text])))).toBe(JSON.stringify([text]));
      expect(printableJson([text])).not.toMatch(COMMANDS);
    }),
    {numRuns: 1000},
  );
});

test('a command to a CI service holds no other one', () => {
  expect(commandText('::error title=a::##[add-mask]b')).toBe('::error title=a::#\\u{23}[add-mask]b');
});
