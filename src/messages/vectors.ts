import type {Messages} from './message.js';

/** Embeddings, scores, labels and tuples. */
export const vectors = {
  'CVL-V001': {
    title: 'a file of vectors, scores or labels cannot be read',
    cause: 'There is no such file, it is a directory, this user may not read it, or it is larger than 2 GiB.',
    remedy: 'Check the path; those of options are relative to the working directory, those of a config to its file.',
  },
  'CVL-V002': {
    title: 'a file of vectors, scores, labels or tuples that has another form',
    cause:
      'It is no NPY, NPZ or CSV, or its header, a row or a cell is not what is read there, such as a key that no item has.',
    remedy:
      'Vectors are NPY `[items, dimensions]` or CSV `key,label,v0,v1,…`; labels `index,label` or `key,label`; scores `key,score`.',
  },
  'CVL-V003': {
    title: 'an array of the wrong shape',
    cause: 'Vectors are `[items, dimensions]`, scores `[items]` or `[items, patches]`, both with at least one of each.',
    remedy: 'Save it in that shape: `np.save("v.npy", v.reshape(len(v), -1))`.',
  },
  'CVL-V004': {
    title: 'a value that is no finite number',
    cause: 'NaN or infinity in vectors or scores would spread to every distance and mean.',
    remedy: 'Find out why the model gives it, and save the array again; the line names the item.',
  },
  'CVL-V005': {
    title: 'labels are given twice',
    cause: 'The file of vectors has a column `label`, and `labels` names another source.',
    remedy: 'Remove the column, or the option `--labels`.',
  },
  'CVL-V006': {
    title: 'items without a label',
    cause: 'Identities are needed to say which items belong together, and some or all have none.',
    remedy: 'Give `--labels FILE`, or `--labels folder` where the folder of the key is the identity.',
  },
  'CVL-V007': {
    title: 'labels that make no pairs',
    cause: 'A positive pair needs two items of one identity, a negative one two identities.',
    remedy: 'Check the labels: all the same, or all different, is mostly a wrong column.',
  },
  'CVL-V008': {
    title: 'a manifest of tuples that does not fit the loss',
    cause:
      'Triplet losses read `anchor,positive,negative`, pair losses `first,second,same`, and each wants one row or more.',
    remedy: 'Name a manifest with the columns that the line asks for; `cv-loss triplets` writes one.',
  },
  'CVL-V009': {
    title: 'vectors of different lengths',
    cause: 'Two sets are compared that come from different networks, or from different layers.',
    remedy: 'Embed both sets with the same model.',
  },
  'CVL-V010': {
    title: 'too few vectors or scores',
    cause: 'A distance between distributions needs two vectors or more of each, a mean one score or more.',
    remedy: 'Give larger sets; for distances such as FID many thousands are usual.',
  },
  'CVL-V011': {
    title: 'a vector without a direction or a usable length',
    cause: 'A vector of zeros cannot be normalised, and one too long overflows its squared length.',
    remedy: 'Leave the item out, or compute without `normalize`.',
  },
  'CVL-V012': {
    title: 'an item without a score',
    cause: 'Every item of a set needs at least one score.',
    remedy: 'Add the score, or remove the item from the file.',
  },
  'CVL-V013': {
    title: 'scores of another kind than the config says',
    cause: '`input: probabilities` means values in 0..1; the losses of critics take raw scores only.',
    remedy: 'Say `input: logits` for raw outputs, or give the loss the kind that it takes.',
  },
  'CVL-V014': {
    title: 'mining settings that contradict each other',
    cause: 'Semi-hard triplets lie within a margin above 0; distance-weighted ones are of normalised vectors.',
    remedy: 'Give a larger `--margin`, leave out `--no-normalize`, or take another `--strategy`.',
  },
} satisfies Messages;
