/** XML of an element: attributes and text escaped, characters that XML 1.0 has no way to write as U+FFFD. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] | string = [],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const open = `<${name}${written.join('')}`;
  if (typeof content === 'string') return `${open}>${escaped(content)}</${name}>`;
  if (content.length === 0) return `${open}/>`;
  return `${open}>\n${content.map((child) => indented(child)).join('\n')}\n</${name}>`;
}

function indented(text: string): string {
  return `  ${text.replaceAll('\n', '\n  ')}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
  // Line ends of XML 1.1, which some readers turn into line feeds in XML 1.0 as well.
  '\u0085': '&#133;',
  '\u2028': '&#8232;',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 leaves out.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text

    .replaceAll(UNWRITABLE, '\ufffd')
    .replaceAll(/[&<>"\t\n\r\u0085\u2028]/g, (character) => ESCAPES[character] ?? character);
}
