import {normalName} from './wheel-name.js';

/** A distribution that another one needs: `nvidia-cublas-cu12<13.0,>=12.5.3.2`. */
export interface Requirement {
  readonly name: string;
  /** As pip writes them, with commas; empty for any version. */
  readonly versions: string;
}

const CLAUSE = /^(==|!=|<=|>=|<|>|~=)\s*(\d+(?:\.\d+)*)$/;

/** The requirements of an extra in the METADATA of a wheel, in their order. */
export function requirementsOf(metadata: string, extra: string): Requirement[] {
  const found: Requirement[] = [];
  for (const [, text = ''] of metadata.matchAll(/^Requires-Dist: (.*)$/gm)) {
    const [requirement = '', marker = ''] = text.split(';');
    if (!new RegExp(`extra\\s*==\\s*["']${extra}["']`).test(marker)) continue;
    const [, name, versions = ''] = /^\s*([A-Za-z0-9._-]+)\s*(.*)$/.exec(requirement) ?? [];
    if (name !== undefined) found.push({name: normalName(name), versions: versions.replace(/[()\s]/g, '')});
  }
  return found;
}

/** Whether a version fulfils a requirement. One that is no final release (`1.0rc1`) never does. Reference: PEP 440. */
export function fulfils(version: string, {versions}: Requirement): boolean {
  if (!/^\d+(\.\d+)*(\.post\d+)?$/.test(version)) return false;
  return versions.split(',').every((clause) => {
    if (clause === '') return true;
    const [, operator, limit = ''] = CLAUSE.exec(clause) ?? [];
    if (operator === undefined) return false;
    const order = compareVersions(version, limit);
    if (operator === '~=') return order >= 0 && version.startsWith(`${limit.split('.').slice(0, -1).join('.')}.`);
    return {'==': order === 0, '!=': order !== 0, '<=': order <= 0, '>=': order >= 0, '<': order < 0, '>': order > 0}[
      operator as '=='
    ];
  });
}

/** Negative where the first version is older, 0 where they are equal. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version.split('.').map((part) => Number.parseInt(part.replace('post', ''), 10) || 0),
  );
  for (let i = 0; i < Math.max(left?.length ?? 0, right?.length ?? 0); i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
