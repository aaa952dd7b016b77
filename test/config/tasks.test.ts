import {expect, test} from 'vitest';
import {plainConfig, resolveConfig} from '../../src/config/resolve.js';
import {datasetLosses} from '../../src/losses/dataset-registry.js';
import {mistakeOf, resolveText, usageMessage} from './resolving.js';

const noInputs = {flags: {}};
const EMBEDDINGS = 'embeddings: {file: e.npy, labels: l.csv}\n';
const SCORES = 'scores: {real: r.csv, fake: f.csv}\n';

test('the data imply the task, and the task the losses', async () => {
  const vectors = await resolveText(EMBEDDINGS, noInputs);
  expect(vectors.task).toBe('embedding');
  expect(vectors.datasetLosses.map(({id}) => id)).toEqual(['triplet', 'contrastive']);
  expect(vectors.losses).toEqual([]);
  expect(vectors.embeddings).toEqual({
    file: '/data/e.npy',
    labels: '/data/l.csv',
    real: null,
    fake: null,
    images: null,
    save: null,
    model: null,
  });
  expect(vectors.scores).toBeNull();
  const scores = await resolveText(SCORES, noInputs);
  expect(scores.task).toBe('adversarial');
  expect(scores.datasetLosses.map(({id}) => id)).toEqual(['gan-non-saturating']);
  expect(scores.scores).toEqual({
    real: '/data/r.csv',
    fake: '/data/f.csv',
    input: 'logits',
    save: null,
    model: null,
  });
  expect(scores.forMasks).toBeNull();
});

test('losses that are named keep the implied task', async () => {
  const {task, datasetLosses} = await resolveText(`${EMBEDDINGS}losses: [{type: triplet, margin: 1}]`, noInputs);
  expect(task).toBe('embedding');
  expect(datasetLosses).toMatchObject([{type: 'triplet', id: 'triplet', undefined: 'skip', options: {margin: 1}}]);
});

test('flags and settings reach the data, with paths from the working directory', async () => {
  const {embeddings} = await resolveConfig({flags: {embeddings: {file: 'e.csv', labels: 'folder'}}, cwd: '/here'});
  expect(embeddings).toMatchObject({file: '/here/e.csv', labels: 'folder'});
  const set = ['scores.input=probabilities', 'losses.gan-non-saturating.undefined=fail'];
  const {scores, datasetLosses} = await resolveText(SCORES, {...noInputs, set});
  expect(scores?.input).toBe('probabilities');
  expect(datasetLosses[0]?.undefined).toBe('fail');
});

test('the path of a manifest of tuples starts where it was written; all is no path', async () => {
  const text = `${EMBEDDINGS}losses: [{type: triplet, tuples: t.csv}, {type: contrastive, tuples: all}]`;
  const {datasetLosses} = await resolveText(text, noInputs);
  expect(datasetLosses.map(({options}) => options.tuples)).toEqual(['/data/t.csv', 'all']);
});

test('the report records what was read, and nothing of images', async () => {
  const text = `${EMBEDDINGS}losses: [{type: triplet, tuples: t.csv, recall_at: [1]}]`;
  const plain = plainConfig(await resolveText(text, noInputs), '/data');
  expect(Object.keys(plain)).toEqual(['task', 'embeddings', 'plugins', 'losses', 'device']);
  expect(plain.embeddings).toEqual({file: 'e.npy', labels: 'l.csv', real: null, fake: null});
  expect(plain.losses).toMatchObject([{type: 'triplet', tuples: 't.csv', undefined: 'skip'}]);
  const folder = await resolveText('embeddings: {file: e.csv, labels: folder}', noInputs);
  expect(plainConfig(folder, '/data').embeddings).toMatchObject({labels: 'folder'});
  const scores = plainConfig(await resolveText(SCORES, noInputs), '/');
  expect(scores.scores).toEqual({real: 'data/r.csv', fake: 'data/f.csv', input: 'logits'});
});

/** Configs, and all that is said of them. */
test.each([
  [
    'losses: [mse, triplet]',
    '1:15: triplet reads embeddings, and the task here is photo; give embeddings: {file: …, labels: …}, or --embeddings FILE --labels FILE',
  ],
  [
    `${SCORES}losses: [{type: triplet}]`,
    '2:17: triplet reads embeddings, and the task here is adversarial; give embeddings: {file: …, labels: …}, or --embeddings FILE --labels FILE',
  ],
  [
    `${EMBEDDINGS}losses: [wgan]`,
    '2:10: wgan reads scores, and the task here is embedding; give scores: {real: …, fake: …}, or --real FILE --fake FILE',
  ],
  [
    `${EMBEDDINGS}losses: [mse]`,
    '2:10: mse compares images, and task embedding reads embeddings; cv-loss losses lists the losses of each task',
  ],
  [
    `${EMBEDDINGS}losses: [{type: triplet, weight: 1}]`,
    '2:34: losses.0.weight: triplet cannot carry a weight, the rows of task embedding have no total; remove the weight',
  ],
  [
    `${SCORES}losses: [{type: wgan, weight: 1}]`,
    '2:31: losses.0.weight: wgan cannot carry a weight, the rows of task adversarial have no total; remove the weight',
  ],
  [
    `task: photo\n${EMBEDDINGS}losses: [mse]`,
    '2:1: embeddings: read by task embedding, and the task here is photo; remove one of the two',
  ],
  [
    `${EMBEDDINGS}${SCORES}`,
    '2:1: scores: read by task adversarial, and the task here is embedding; remove one of the two',
  ],
  [
    'task: embedding',
    '1:7: task embedding reads embeddings: give embeddings: {file: …, labels: …}, or --embeddings FILE --labels FILE',
  ],
  [
    'task: adversarial',
    '1:7: task adversarial reads scores: give scores: {real: …, fake: …}, or --real FILE --fake FILE',
  ],
  [
    `${EMBEDDINGS}inputs: {pred: a, target: b}`,
    '2:10: inputs: task embedding reads embeddings, and no images; remove one of the two',
  ],
  [`${SCORES}pairs: m.csv`, '2:1: pairs: task adversarial reads scores, and no images; remove one of the two'],
  [`${SCORES}image: {color: grey}`, '2:9: image: task adversarial reads scores, and no images; remove one of the two'],
  [`${SCORES}classes: 3`, '2:1: classes: task adversarial reads scores, and no images; remove one of the two'],
  [`${EMBEDDINGS}group_by: "{dir}"`, '2:1: group_by: the rows of task embedding have no groups; remove it'],
  [
    `${SCORES}device: tensorflow`,
    "2:9: device: task adversarial is computed in float64 on the CPU; expected cpu or auto, got 'tensorflow'",
  ],
  [
    'embeddings: {labels: l.csv}',
    '1:14: embeddings.labels: labels of no vectors; give embeddings.file, or --embeddings FILE',
  ],
  ['embeddings: {real: r.npy}', '1:14: embeddings.real: two sets are compared; give embeddings.fake too'],
  ['embeddings: {fake: r.npy}', '1:14: embeddings.fake: two sets are compared; give embeddings.real too'],
  ['scores: {real: r.csv}', "1:9: missing 'scores.fake', expected a file of scores (--fake FILE)"],
  ['scores: {real: r.csv, fake: f.csv, input: raw}', "1:43: scores.input: expected logits or probabilities, got 'raw'"],
  [
    'embeddings: {file: e.npy, label: l.csv}',
    "1:27: unknown key 'label' in embeddings, expected file, labels, real, fake, images, save, model, output, size, color, mean, std, range or layout; did you mean 'labels'?",
  ],
  [
    'embeddings: {model: m.onnx, file: e.npy}',
    '1:29: embeddings.file: the model makes the vectors; give images in its place',
  ],
  ['embeddings: {images: faces/}', '1:14: embeddings.images: images become vectors by a model; give embeddings.model'],
  ['embeddings: {model: m.onnx}', '1:13: embeddings: no vectors, expected images or real and fake'],
  [
    'embeddings: {model: m.onnx, labels: folder}',
    '1:29: embeddings.labels: labels of no vectors; give embeddings.images',
  ],
  [
    'embeddings: {file: e.npy, size: [8, 8]}',
    '1:27: embeddings.size: goes with a model; give embeddings.model, or remove it',
  ],
  ['scores: {real: r, fake: f, save: s}', '1:28: scores.save: goes with a model; give scores.model, or remove it'],
  [
    'embeddings: {model: m.onnx, images: faces/, save: e.npy}',
    '1:45: embeddings.save: an array has no keys, and without labels no file beside it; save a .csv',
  ],
  [
    'embeddings: {model: m.onnx, images: faces/, save: e.npz}',
    "1:51: embeddings.save: expected a .npy or .csv file, got 'e.npz'",
  ],
  [
    'embeddings: {model: m.onnx, images: a, mean: [1, 2, 3, 4]}',
    '1:46: embeddings.mean: expected a list of at most 3, got [1, 2, 3, 4]',
  ],
  ['embeddings: {model: m.onnx, images: a, size: 160}', '1:46: embeddings.size: expected [height, width], got 160'],
  [
    'scores: {model: m.onnx, real: a, fake: b}\nimage: {size: [8, 8], orient: false}',
    '2:9: image.size: the model decides it; say scores.size',
  ],
  [
    'scores: {model: m.onnx, real: a, fake: b}\nmatch: {pred: "{key}"}',
    '2:9: match: task adversarial reads scores, and no images; remove one of the two',
  ],
])('%s', async (text, message) => {
  expect(await mistakeOf(text, noInputs)).toBe(`<stdin>:${message}`);
});

test('a model: its paths are absolute, what is not said is open, and the report records it', async () => {
  const text = 'embeddings: {model: m.onnx, images: faces, labels: folder, size: [8, 9], mean: 0.5, save: e.npy}\n';
  const config = await resolveText(`${text}image: {max_pixels: 1000}`, noInputs);
  expect(config.embeddings).toMatchObject({
    ...{images: '/data/faces', labels: 'folder', save: '/data/e.npy'},
    model: {model: '/data/m.onnx', size: [8, 9], mean: 0.5, std: null, color: null, range: null, layout: null},
  });
  const plain = plainConfig(config, '/data');
  expect(plain.embeddings).toMatchObject({images: 'faces', labels: 'folder', model: 'm.onnx', size: [8, 9], std: null});
  expect(plain.embeddings).not.toHaveProperty('save');
  expect(plain.image).toEqual({alpha: 'error', orient: true, icc: 'ignore', page: null, max_pixels: 1000});
});

test('mistakes in flags name the flag', async () => {
  const flags = (given: object) => usageMessage(resolveConfig({flags: {...given}}));
  expect(await flags({embeddings: {file: 'e.npy'}, inputs: {pred: 'a', target: 'b'}})).toBe(
    '--pred: inputs: task embedding reads embeddings, and no images; remove one of the two',
  );
  expect(await flags({embeddings: {labels: 'l.csv'}})).toBe(
    '--labels: embeddings.labels: labels of no vectors; give embeddings.file, or --embeddings FILE',
  );
  expect(await flags({scores: {real: 'r.csv'}})).toBe(
    "--real or --fake: missing 'scores.fake', expected a file of scores (--fake FILE)",
  );
});

test('a loss of whole sets that a program brings is checked as what it is', async () => {
  const [triplet] = datasetLosses;
  const {task: _task, ...rest} = {...triplet, id: 'mine', inputs: {pred: 'pixels'}} as Record<string, unknown>;
  const descriptors = [rest as unknown as (typeof datasetLosses)[number]];
  const lines = (await usageMessage(resolveConfig({flags: {losses: ['mine']}, descriptors}))).split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^options: descriptors\.0: missing 'task', expected embedding or adversarial/),
    expect.stringMatching(/^options: descriptors\.0: unknown field 'inputs', expected id, .*, scope or task/),
  ]);
});
