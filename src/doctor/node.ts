import {readFile} from 'node:fs/promises';
import {packageFile} from '../package-files.js';
import type {Finding} from './check.js';

/** What is installed where the machine has a Node that is too old. */
const SUGGESTED = '22';

/** Whether this Node is one that package.json's `engines` allows. */
export async function checkNode(): Promise<Finding> {
  const manifest = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as {
    engines: {node: string};
  };
  const required = manifest.engines.node;
  const {node: version} = process.versions;
  const facts = {version, required};
  if (isAtLeast(version, required.replace(/^>=/, ''))) return {status: 'ok', detail: `${version} (${required})`, facts};
  return {
    status: 'problem',
    detail: `${version} is too old, cv-loss needs ${required}`,
    remedy: `nvm install ${SUGGESTED}`,
    facts,
  };
}

/** Whether a version (`20.19.1`) is at least another (`20.19`). */
export function isAtLeast(version: string, least: string): boolean {
  const [have, need] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (let i = 0; i < 3; i++) {
    const difference = (have?.[i] ?? 0) - (need?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
