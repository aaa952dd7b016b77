import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {expect, test} from 'vitest';
import {pages, readPage} from './pages.js';

/** A page without its fenced blocks and code spans, in which brackets are no links. */
function prose(page: string): string {
  return page
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, '.'));
}

/** The targets of Markdown links and pictures, and of `src` and `href`. */
function linksOf(page: string): readonly string[] {
  const text = prose(page);
  const found = [/\]\(([^)\s]+)\)/g, /\b(?:src|href)="([^"]+)"/g].flatMap((pattern) => [...text.matchAll(pattern)]);
  return found.map(([, target]) => target as string);
}

/** The anchors of a page's headings, as the places that host code make them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ''] of page.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)) {
    const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = text
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** What is wrong with a link of a page, or null. */
function mistake(from: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) {
    return URL.canParse(link) && /^(https?|mailto):/.test(link) ? null : 'is no URL';
  }
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : normalize(join(dirname(from), decodeURI(path)));
  if (target.startsWith('..') || !existsSync(target)) return 'leads to no file';
  if (anchor === undefined) return null;
  if (statSync(target).isDirectory() || !target.endsWith('.md')) return 'has an anchor, and leads to no page';
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? null : 'names no heading of that page';
}

test('every link leads to a file and a heading that exist', () => {
  const links = pages.flatMap((page) => linksOf(readPage(page)).map((link) => ({page, link})));
  expect(links.length).toBeGreaterThan(100);
  const broken = links.flatMap(({page, link}) => {
    const what = mistake(page, link);
    return what === null ? [] : [`${page}: (${link}) ${what}`];
  });
  expect(broken).toEqual([]);
});

test('a link to a file or a heading that is not there is found', () => {
  expect(mistake('README.md', 'docs/nowhere.md')).toBe('leads to no file');
  expect(mistake('README.md', 'docs/speed.md#nowhere')).toBe('names no heading of that page');
  expect(mistake('docs/speed.md', '#repeat-it')).toBeNull();
  expect(mistake('docs/speed.md', 'https://')).toBe('is no URL');
});
