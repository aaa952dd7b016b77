import * as z from 'zod';
import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {datasetLosses} from '../losses/dataset-registry.js';
import {losses} from '../losses/registry.js';
import {configSchema, entryShape} from './schema.js';

/**
 * The JSON Schema (draft-07) of the config file, for editors: every key with its description and default, and of
 * every loss its options. It refuses what `resolveConfig` refuses, apart from rules that span keys (unique
 * ids, roles that a loss needs, losses and keys of another task).
 */
export function configJsonSchema(descriptors: readonly AnyLossDescriptor[] = [...losses, ...datasetLosses]): object {
  const schema = configSchema(descriptors, entrySchema(descriptors)).meta({title: 'cv-loss config'});
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    unrepresentable: 'any',
    // The mark of file paths is no keyword of JSON Schema.
    override: ({jsonSchema}) => {
      delete jsonSchema.path;
    },
  });
}

function entrySchema(descriptors: readonly AnyLossDescriptor[]): z.ZodType {
  const {weight, ...withoutWeight} = entryShape;
  return z.union(
    descriptors.flatMap((descriptor) => {
      const {id, summary, options} = descriptor;
      const type = z.literal(id).describe(summary);
      const isWeightless = isDatasetLoss(descriptor) || descriptor.objective === 'none';
      const common = isWeightless ? withoutWeight : {...withoutWeight, weight};
      return [type, z.strictObject({type, ...common, ...options.shape}).describe(summary)];
    }),
  );
}
