/** Control characters, line separators and the marks that reorder text on a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/** Text that is safe in a message: characters that a terminal would obey, or that end a line, are written as escapes. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT[character] ?? `\\u{${code.toString(16)}}`;
  });
}

/** Text of several lines, each of them printable. */
function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The colours that cv-loss itself writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins with one
const COLOUR = /(\u001b\[\d{1,3}m)/;

/** What the log of a CI service obeys wherever it stands: `##[…]` GitHub's and Azure's, `##vso[…]` and `##teamcity[…]`. */
const COMMAND_MARK = /##(?=\w*\[)/g;

/** What GitHub's log obeys at the start of a line. */
const COMMAND_LINE = /^([^\S\n]*):(?=:)/gm;

/**
 * Text of several lines as it may go to a terminal or a log: line ends and colours stay, every other character that a terminal
 * would obey is an escape, and so is what begins a command to a CI service. What comes from outside goes through `printable`
 * where the line is made, since a name has no line ends; this is for what was forgotten there.
 */
export function terminalText(text: string): string {
  return commandText(text).replace(COMMAND_LINE, '$1\\u{3a}');
}

/** The same for a line that is a command to a CI service (`::error …`), and not to hold another one. */
export function commandText(text: string): string {
  return text
    .split(COLOUR)
    .map((part, i) => (i % 2 === 1 ? part : printableLines(part)))
    .join('')
    .replace(COMMAND_MARK, '#\\u{23}');
}

/** JSON whose texts hold nothing that a terminal or the log of a CI service would obey: the same value for whoever reads it. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text
    .replace(UNPRINTABLE, (character) =>
      character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(COMMAND_MARK, '#\\u0023');
}
