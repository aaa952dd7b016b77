import {createHash} from 'node:crypto';
import {inertJson} from './inert-json.js';
import {type PageAssets, pageAssets} from './page-assets.js';
import type {PageBlocks} from './page-data.js';

/** What tells a page of cv-loss from others. */
export const PAGE_MARK = '<meta name="generator" content="cv-loss">';

/** A page being written. Await every call. */
export interface PageWriter {
  /** Adds data for the script of the page; of rows several, in order. */
  data<Name extends keyof PageBlocks>(name: Name, value: PageBlocks[Name]): Promise<void>;
  /** Ends the page. */
  end(): Promise<void>;
}

/**
 * Begins a page that needs nothing beside itself: styles and script are in it, and its policy lets it load nothing but
 * images that are part of it or lie beside it, run no script but its own, and connect to nothing. Data stand in it as
 * JSON that nobody runs, in as many pieces as one likes, so that memory stays bounded.
 */
export async function beginPage(
  write: (text: string) => Promise<void>,
  {title, about}: {readonly title: string; readonly about: string},
): Promise<PageWriter> {
  const assets = await pageAssets();
  await write(head(title, about, assets));
  return {
    data: (name, value) => write(`<script type="application/json" data-block="${name}">${inertJson(value)}</script>\n`),
    end: () => write(`<script>${assets.script}</script>\n</body>\n</html>\n`),
  };
}

function head(title: string, about: string, {styles, script}: PageAssets): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy({styles, script})}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
${PAGE_MARK}
<title>${title}</title>
<style>${styles}</style>
</head>
<body>
<div id="page"><p class="loading">${about} <span>Reading the rows…</span></p></div>
<noscript><p class="loading">This page draws its tables and charts with a script, and scripts are switched off here. The
same numbers are in the files beside it.</p></noscript>
`;
}

function policy({styles, script}: PageAssets): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(styles)}`,
    "img-src data: 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
