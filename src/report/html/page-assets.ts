import {readFile} from 'node:fs/promises';
import {RunError} from '../../errors.js';
import {packageFile} from '../../package-files.js';

/** The script and the styles of the page, as the build bundles them. */
export interface PageAssets {
  readonly script: string;
  readonly styles: string;
}

/** Reads the bundled script and styles. Throws RunError where the package lacks them. */
export async function pageAssets(): Promise<PageAssets> {
  const [script, styles] = await Promise.all([bundled('client.js'), bundled('client.css')]);
  return {script, styles};
}

async function bundled(name: string): Promise<string> {
  const place = packageFile(`dist/report/html/${name}`);
  try {
    return await readFile(place, 'utf8');
  } catch (error) {
    throw new RunError('incomplete-package', `report.html: ${name} is not in the package; run npm run build`, {
      cause: error,
    });
  }
}
