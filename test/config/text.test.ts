import fc from 'fast-check';
import {expect, test} from 'vitest';
import {toValue} from '../../src/config/node.js';
import {parseConfigText} from '../../src/config/text.js';

const at = {label: 'c', base: '/'};

/** Objects that have no prototype compare as plain ones do. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('any JSON reads as JSON.parse reads it, whatever its white space', () => {
  const indents = fc.constantFrom(undefined, 1, 4, '\t');
  fc.assert(
    fc.property(fc.dictionary(fc.string({maxLength: 20}), fc.jsonValue({maxDepth: 4})), indents, (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(plain(toValue(parseConfigText({text, at, lines: true, json: true})))).toEqual(plain(JSON.parse(text)));
    }),
    {numRuns: 300},
  );
});
