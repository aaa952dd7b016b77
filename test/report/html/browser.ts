import {pathToFileURL} from 'node:url';
import axe from 'axe-core';
import {type Browser, chromium, type Page} from 'playwright-core';

/** Debian's package; another one by the variable. Without any the tests fail. */
const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A page that was opened from disk, and what went wrong in it or left it. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, dialogs, and requests beside those for the page and its pictures. */
  readonly incidents: string[];
}

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu']});
}

/** Opens a file as a user does, with a look at all that it should not do. */
export async function openFile(
  browser: Browser,
  path: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({
    viewport: {width: 1280, height: 900},
    reducedMotion: 'no-preference',
    ...options,
  });
  page.setDefaultTimeout(10_000);
  const url = pathToFileURL(path).href;
  const incidents: string[] = [];
  page.on('console', (message) => incidents.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) incidents.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('main');
  return {page, incidents};
}

/** What axe calls serious or critical, as `rule: element`; of a page that was opened with `bypassCSP`. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    // In the page, where axe is a global.
    const {axe: own} = globalThis as unknown as {axe: typeof axe};
    const {violations} = await own.run();
    return violations
      .filter(({impact}) => impact === 'serious' || impact === 'critical')
      .flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html}`));
  });
}
