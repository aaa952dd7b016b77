import {type ConfigNode, keyPositionOf, nodeAt} from './node.js';
import {type Problem, showChoices} from './problem.js';
import type {ParsedConfig} from './schema.js';
import {MODEL_KEYS} from './user-models.js';

type Embeddings = NonNullable<ParsedConfig['embeddings']>;

/** What of `embeddings` lacks its counterpart; the first of it. */
export function embeddingsProblems(embeddings: Embeddings | null, root: ConfigNode): Problem[] {
  if (embeddings === null) return [];
  const found = wrongSource(embeddings) ?? halfPair(embeddings) ?? wrongSave(embeddings) ?? nothing(embeddings);
  if (found === null) return [];
  const [key, text] = found;
  return [{code: 'CVL-C028', at: keyPositionOf(root, ['embeddings', key]), text}];
}

/** Keys that only a model has a use for, where there is none. */
export function modelKeyProblems(source: 'embeddings' | 'scores', parsed: ParsedConfig, root: ConfigNode): Problem[] {
  if (parsed[source]?.model !== undefined) return [];
  const keys = source === 'scores' ? [...MODEL_KEYS, 'save'] : MODEL_KEYS;
  return keys.flatMap((key) => {
    if (!nodeAt(root, [source, key])) return [];
    const text = `${source}.${key}: goes with a model; give ${source}.model, or remove it`;
    return [{code: 'CVL-C028', at: keyPositionOf(root, [source, key]), text}];
  });
}

/** A key, and what is wrong with it. */
type Finding = readonly [keyof Embeddings, string] | null;

/** A file where a model makes the vectors, images where none does, labels of neither. */
function wrongSource({model, file, images, labels}: Embeddings): Finding {
  if (model !== undefined && file !== undefined) {
    return ['file', 'embeddings.file: the model makes the vectors; give images in its place'];
  }
  if (model === undefined && images !== undefined) {
    return ['images', 'embeddings.images: images become vectors by a model; give embeddings.model'];
  }
  if (labels === undefined || file !== undefined || images !== undefined) return null;
  const remedy = model === undefined ? 'embeddings.file, or --embeddings FILE' : 'embeddings.images';
  return ['labels', `embeddings.labels: labels of no vectors; give ${remedy}`];
}

function halfPair({real, fake}: Embeddings): Finding {
  if ((real === undefined) === (fake === undefined)) return null;
  const [has, lacks] = real === undefined ? (['fake', 'real'] as const) : (['real', 'fake'] as const);
  return [has, `embeddings.${has}: two sets are compared; give embeddings.${lacks} too`];
}

function wrongSave({save, images, labels}: Embeddings): Finding {
  if (save === undefined) return null;
  if (images === undefined) {
    return ['save', 'embeddings.save: keeps what a model makes of embeddings.images, and there are none'];
  }
  if (labels !== undefined || !/\.npy$/i.test(save)) return null;
  return ['save', 'embeddings.save: an array has no keys, and without labels no file beside it; save a .csv'];
}

function nothing({model, file, images, real}: Embeddings): Finding {
  if (file !== undefined || images !== undefined || real !== undefined) return null;
  const one = model === undefined ? 'file' : 'images';
  return [one, `embeddings: no vectors, expected ${showChoices([one, 'real and fake'])}`];
}
