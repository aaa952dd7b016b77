/** Kinds of error that bad input may end in, and the codes of failed samples. */
const CODES = new Set([
  ...['decode-failed', 'unsupported-format', 'not-an-image', 'empty-file', 'too-many-pixels'],
  ...['alpha', 'channels', 'dtype', 'shape', 'arrays', 'page', 'labels'],
]);
const LONGEST_LINE = 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** The name of an outcome (`value`, or an error's kind or code), and what is wrong with it or null. */
export function judged(outcome) {
  if (!(outcome instanceof Error)) return {name: 'value', fault: null};
  const {name, code, message} = outcome;
  if (name !== 'UsageError' && name !== 'SampleError') return {name, fault: `${name}: ${outcome.stack}`};
  if (name === 'SampleError' && !CODES.has(code)) return {name: code, fault: `the code ${code} is unknown`};
  if (RAW.test(message)) return {name, fault: `control characters in the message ${JSON.stringify(message)}`};
  // A config says a line for each of its mistakes.
  const longest = Math.max(...message.split('\n').map((line) => line.length));
  if (longest > LONGEST_LINE) return {name, fault: `a line of ${longest} characters: ${message.slice(0, 300)}`};
  if (
    /maximum call stack|invalid (array|string|typed)|allocation failed|cannot read propert|is not a function/i.test(
      message,
    )
  ) {
    return {name, fault: `the engine's words in the message: ${message.slice(0, 300)}`};
  }
  return {name: code ?? name, fault: null};
}
