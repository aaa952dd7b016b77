import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {configJsonSchema} from '../../src/config/json-schema.js';
import {SampleError} from '../../src/errors.js';
import {IMAGE_EXTENSIONS} from '../../src/samples/extensions.js';
import {decodeBytes} from './fixtures.js';
import {FORMAT_CASES} from './format-cases.js';
import {outcomeOf, refusal} from './outcome.js';
import {REFUSED_CASES} from './refused-cases.js';

const page = 'docs/formats.md';

test('docs/formats.md is what the fixtures decode to; npm run docs writes it again', async () => {
  let text = readFileSync(page, 'utf8');
  text = filled(text, 'table: formats', await formats());
  text = filled(text, 'table: refused', await refused());
  text = filled(text, 'list: extensions', `${IMAGE_EXTENSIONS.map((extension) => `\`${extension}\``).join(' ')}\n`);
  text = filled(text, 'table: options', options());
  await expect(text).toMatchFileSnapshot(`../../${page}`);
});

function filled(text: string, name: string, content: string): string {
  const start = `<!-- ${name} -->\n`;
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf('<!-- end -->', from);
  if (from < start.length || to < 0) throw new Error(`${page} has no place for '${name}'`);
  return `${text.slice(0, from)}\n${content}\n${text.slice(to)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}\n`;
}

async function formats(): Promise<string> {
  const rows: string[][] = [];
  for (const row of FORMAT_CASES) {
    const pixels = await outcomeOf(row, 'pixels');
    const ids = await outcomeOf(row, 'labels');
    rows.push([row.format, row.content, pixels, ids === pixels ? 'the same' : ids]);
  }
  return table(['format', 'content', 'pixels', 'ids'], rows);
}

async function refused(): Promise<string> {
  const rows: string[][] = [];
  for (const [name, bytes] of REFUSED_CASES) {
    const error = await decodeBytes(bytes, 'file').catch((caught: unknown) => caught);
    if (!(error instanceof SampleError)) throw new Error(`${name} is not refused`, {cause: error});
    rows.push([name, refusal(error, 'file')]);
  }
  return table(['file', 'reason'], rows);
}

function options(): string {
  const {properties} = configJsonSchema() as {
    properties: {image: {properties: Record<string, {default: unknown; description: string}>}};
  };
  const rows = Object.entries(properties.image.properties).map(([name, {default: value, description}]) => [
    `\`${name}\``,
    `\`${value}\``,
    description,
  ]);
  return table(['option', 'default', 'what it does'], rows);
}
