import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';

const DEFAULT_INDEX = 'https://pypi.org/simple';

/**
 * The index that pip is configured for, for machines without pip: PIP_INDEX_URL, else `index-url` of the user's or the
 * system's pip.conf, else PyPI. Reference: pip, configuration.
 */
export function pipIndex(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.PIP_INDEX_URL) return env.PIP_INDEX_URL;
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const files = [env.PIP_CONFIG_FILE, join(config, 'pip/pip.conf'), join(homedir(), '.pip/pip.conf'), '/etc/pip.conf'];
  for (const file of files) {
    const index = file && indexIn(file);
    if (index) return index;
  }
  return DEFAULT_INDEX;
}

function indexIn(file: string): string | null {
  try {
    return /^\s*index-url\s*[=:]\s*(\S+)\s*$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}
