const SIZE = 13;
const LINE = 18;
const MARGIN = 16;
/** Of a monospaced glyph, in parts of its size. */
const ADVANCE = 0.6021;

/** Colours of SGR codes on a dark ground, and their effect. */
const STYLES = {
  1: {'font-weight': 'bold'},
  2: {fill: '#8b949e'},
  31: {fill: '#ff7b72'},
  32: {fill: '#7ee787'},
  33: {fill: '#e3b341'},
  36: {fill: '#79c0ff'},
};
const ESCAPE = String.fromCharCode(27);
/** Codes that end the ones above. */
const RESETS = {0: Object.keys(STYLES), 22: ['1', '2'], 39: ['31', '32', '33', '36']};

/** An SVG of what a terminal shows: text with ANSI colours. Throws for an escape sequence that it does not draw. */
export function terminalPicture(text) {
  const lines = text.trimEnd().split('\n').map(spans);
  const columns = Math.max(...lines.map((line) => line.reduce((sum, {content}) => sum + content.length, 0)));
  const width = Math.ceil(columns * SIZE * ADVANCE) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map(
    (line, i) => `<text x="${MARGIN}" y="${MARGIN + (i + 0.75) * LINE}">${line.map(tspan).join('')}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>What a terminal shows of a run that cv-loss gates</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="#e6edf3" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}

/** A line as pieces of one style each. Styles do not reach over the end of a line. */
function spans(line) {
  const styles = new Set();
  const [plain, ...parts] = line.split(ESCAPE);
  const pieces = parts.map((part) => {
    const [, codes, content] = /^\[([\d;]*)m(.*)$/.exec(part);
    for (const code of codes.split(';')) apply(code || '0', styles);
    return {content, styles: [...styles]};
  });
  return [{content: plain, styles: []}, ...pieces].filter(({content}) => content !== '');
}

function apply(code, styles) {
  if (code in STYLES) styles.add(code);
  else if (code in RESETS) for (const ended of RESETS[code]) styles.delete(ended);
  else throw new Error(`the picture of a terminal has no style for SGR ${code}`);
}

function tspan({content, styles}) {
  const attributes = Object.entries(Object.assign({}, ...styles.map((code) => STYLES[code])));
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  if (attributes.length === 0) return escaped;
  return `<tspan ${attributes.map(([name, value]) => `${name}="${value}"`).join(' ')}>${escaped}</tspan>`;
}
