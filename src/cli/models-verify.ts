import {Command} from 'commander';
import {type Mistake, UsageError, usageErrorOf} from '../errors.js';
import type {WeightsStore} from '../networks/store/weights-store.js';
import {printable} from '../printable.js';
import {allOrigins, type Choice} from './models-choice.js';
import {print} from './streams.js';

/** What came of checking a network's weights. */
interface VerifiedWeights {
  readonly id: string;
  readonly state: 'whole' | 'damaged' | 'missing';
  readonly problems: readonly Mistake[];
}

/** `cv-loss models verify`: reads the weights on this machine and checks them. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('read the weights on this machine and hold them against their hashes')
    .argument('[network...]', 'such as vgg19; all by default')
    .addHelpText(
      'after',
      `
Exit codes:
  0 all are whole   2 one is damaged or, when it was named, missing`,
    )
    .action(async (names: readonly string[]) => {
      const {WeightsStore} = await import('../networks/store/weights-store.js');
      const store = new WeightsStore();
      const results: VerifiedWeights[] = [];
      for (const choice of await allOrigins(names)) results.push(await verify(choice, store));
      const missing = names.filter((name) => results.every(({id, state}) => id !== name || state === 'missing'));
      const problems = [
        ...results.flatMap((result) => result.problems),
        ...missing.map((name) => ({
          code: 'CVL-N003' as const,
          text: `${name}: its weights are not on this machine: cv-loss models pull ${name}`,
        })),
      ];
      if (problems.length > 0) throw usageErrorOf(problems);
    });
}

/** Checks a network's weights and prints a line when they are whole. */
async function verify([network, origin]: Choice, store: WeightsStore): Promise<VerifiedWeights> {
  const {verifyWeights} = await import('../networks/store/inventory.js');
  const {id} = network.definition;
  try {
    const whole = await verifyWeights(network, origin, store);
    if (whole === null) return {id, state: 'missing', problems: []};
    print(`whole  ${id} (${origin.id})  sha256 ${whole.sha256}  ${printable(whole.path)}`);
    return {id, state: 'whole', problems: []};
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {id, state: 'damaged', problems: error.mistakes};
  }
}
