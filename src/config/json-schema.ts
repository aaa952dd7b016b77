import {z} from 'zod';
import type {LossDescriptor} from '../losses/contract.js';
import {losses} from '../losses/registry.js';
import {configSchema, entryShape} from './schema.js';

/**
 * The JSON Schema (draft-07) of the config file, for editors: every key with its description and default, and of
 * every loss its options. It refuses what `resolveConfig` refuses, apart from rules that span keys (unique
 * ids, roles that a loss needs).
 */
export function configJsonSchema(descriptors: readonly LossDescriptor[] = losses): object {
  const schema = configSchema(descriptors, entrySchema(descriptors)).meta({title: 'cv-loss config'});
  return z.toJSONSchema(schema, {target: 'draft-7', io: 'input', reused: 'inline', unrepresentable: 'any'});
}

function entrySchema(descriptors: readonly LossDescriptor[]): z.ZodType {
  const {weight, ...withoutWeight} = entryShape;
  return z.union(
    descriptors.flatMap(({id, summary, options, objective}) => {
      const type = z.literal(id).describe(summary);
      const common = objective === 'none' ? withoutWeight : {...withoutWeight, weight};
      return [type, z.strictObject({type, ...common, ...options.shape}).describe(summary)];
    }),
  );
}
