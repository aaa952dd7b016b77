import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Where the text begins in the page. */
  readonly at: number;
  readonly line: number;
  /** The paragraph before the block, in one line; '' where a block or a heading stands there. */
  readonly intro: string;
}

/** Every Markdown page that people read, as paths from the root. */
export const pages: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  {encoding: 'utf8'},
)
  .split('\n')
  .filter((name) => /^(docs\/|[A-Z]+\.md$)/.test(name))
  .sort();

export function readPage(name: string): string {
  return readFileSync(name, 'utf8');
}

/** The fenced blocks of a page, in its order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((found) => {
    const [whole, language = '', text = ''] = found;
    const before = page.slice(0, found.index);
    const last = before.trimEnd().split(/\n\n/).at(-1) ?? '';
    return {
      language,
      text,
      at: found.index + whole.indexOf('\n') + 1,
      line: before.split('\n').length,
      intro: /^(```|#)|```$/.test(last) ? '' : last.replaceAll('\n', ' '),
    };
  });
}

/** The file that a block is to be written to: the one that the paragraph before it ends with, `` `name`: ``. */
export function fileOf({language, intro}: Block): string | null {
  if (['sh', 'text', ''].includes(language)) return null;
  return /`([\w./-]+\.\w+)`:$/.exec(intro)?.[1] ?? null;
}

/** Why the commands of a block are not run by the tests, as the page says it: "(Not run in the tests: it downloads 500 MB.)". */
export function reasonOf({intro}: Block): string | null {
  return /\(Not run in the tests: ([^)]{8,})\)/.exec(intro)?.[1] ?? null;
}
