import type {Reading} from '../losses/sample-contract.js';
import type {ConfiguredLoss} from './configured-loss.js';

/** The readings that losses ask of each role. */
export function readingsOf(losses: readonly Pick<ConfiguredLoss, 'readings'>[]): Map<string, Set<Reading>> {
  const byRole = new Map<string, Set<Reading>>();
  for (const {readings} of losses) {
    for (const [role, reading] of Object.entries(readings))
      byRole.set(role, (byRole.get(role) ?? new Set()).add(reading));
  }
  return byRole;
}
