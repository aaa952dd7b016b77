import {compareVersions, fulfils, type Requirement} from './requirement.js';
import {isForLinux, parseWheelName} from './wheel-name.js';

/** A wheel as an index offers it. */
export interface OfferedWheel {
  readonly file: string;
  readonly url: URL;
  readonly version: string;
  /** Null where the index gives none. */
  readonly sha256: string | null;
}

/** The wheels on a page of an index that run on linux-x64. Reference: PEP 503, PEP 592. */
export function wheelsOn(page: string, address: URL): OfferedWheel[] {
  const wheels: OfferedWheel[] = [];
  for (const [, attributes = '', text = ''] of page.matchAll(/<a\s([^>]*)>([^<]*)<\/a>/gi)) {
    const [, href] = /href\s*=\s*["']([^"']*)["']/i.exec(attributes) ?? [];
    const name = parseWheelName(text.trim());
    if (href === undefined || name === null || !isForLinux(name) || /data-yanked/i.test(attributes)) continue;
    const url = new URL(href.replaceAll('&amp;', '&'), address);
    const [, sha256 = null] = /sha256=([0-9a-f]{64})/.exec(url.hash) ?? [];
    url.hash = '';
    wheels.push({file: text.trim(), url, version: name.version, sha256});
  }
  return wheels;
}

/** The newest of the wheels that fulfils a requirement; of one version, the one for the newest Python. Null for none. */
export function newestOf(wheels: readonly OfferedWheel[], requirement: Requirement): OfferedWheel | null {
  const fitting = wheels.filter(({version}) => fulfils(version, requirement));
  fitting.sort((a, b) => compareVersions(b.version, a.version) || pythonOf(b) - pythonOf(a));
  return fitting[0] ?? null;
}

function pythonOf({file}: OfferedWheel): number {
  const [, minor = '0'] = /^cp3(\d+)$/.exec(parseWheelName(file)?.python ?? '') ?? [];
  return Number(minor);
}
