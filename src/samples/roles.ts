import {UsageError} from '../errors.js';
import {printable} from '../printable.js';

/** What the configured losses read. */
export interface Roles {
  readonly requiredRoles: readonly string[];
  readonly optionalRoles: readonly string[];
}

/** Every role that may be given: those that the losses read, and the two that every run may name. */
export function knownRoles({requiredRoles, optionalRoles}: Roles): string[] {
  return [...new Set(['pred', 'target', ...requiredRoles, ...optionalRoles])];
}

/**
 * Refuses roles that no loss reads, so that a misspelt one does not vanish, and asks for those that are needed.
 * @throws UsageError
 */
export function checkRoles(given: readonly string[], roles: Roles): void {
  const known = knownRoles(roles);
  const unknown = given.find((role) => !known.includes(role));
  if (unknown !== undefined) {
    throw new UsageError(
      'CVL-C018',
      `no configured loss reads the role "${printable(unknown)}"; expected one of ${known.join(', ')}`,
    );
  }
  const lacking = roles.requiredRoles.find((role) => !given.includes(role));
  if (lacking !== undefined) {
    throw new UsageError(
      'CVL-C019',
      `no input for the role "${lacking}"; give ${lacking === 'pred' || lacking === 'target' ? `--${lacking} PATH` : `--input ${lacking}=PATH`}, or a manifest (--pairs)`,
    );
  }
}
