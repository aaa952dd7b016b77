import {expect, test} from 'vitest';
import {gather, Scratch} from './scratch.js';

const classes = [
  {id: 0, name: 'road'},
  {id: 7, name: 'traffic_light'},
  {id: 12, name: 'light'},
];

function scratchWith(pred: readonly string[], target = ['a.png', 'b.png']) {
  const scratch = new Scratch();
  return {scratch, inputs: {pred: scratch.files('pred', pred), target: scratch.files('target', target)}};
}

test('a file per class: by name, in the order of the classes, the longest name that fits', async () => {
  const names = [
    'b_light.png',
    'a_traffic_light.png',
    'a_light.png',
    'a_road.png',
    'b_road.png',
    'b_traffic_light.png',
  ];
  const {scratch, inputs} = scratchWith(names);
  const {samples, roots} = await gather({inputs, match: {pred: '{key}_{class}.png'}, classes});
  const filesOf = (key: string) => classes.map(({name}) => scratch.path('pred', `${key}_${name}.png`));
  expect(samples).toEqual([
    {key: 'a', files: {pred: filesOf('a'), target: scratch.path('target', 'a.png')}},
    {key: 'b', files: {pred: filesOf('b'), target: scratch.path('target', 'b.png')}},
  ]);
  expect(roots).toEqual(inputs);
});

test('by id, and in a folder of its own', async () => {
  const {scratch, inputs} = scratchWith(['12/a.png', '0/a.png', '7/a.png'], ['a.png']);
  const {samples} = await gather({inputs, match: {pred: '{class}/{key}'}, classes});
  expect(samples[0]?.files.pred).toEqual(['0/a.png', '7/a.png', '12/a.png'].map((name) => scratch.path('pred', name)));
});

test('a missing class is listed as missing keys are, and can be left out', async () => {
  const names = ['a_0.png', 'a_7.png', 'a_12.png', 'b_0.png', 'b_12.png'];
  const {inputs} = scratchWith(names);
  const match = {pred: '{key}_{class}.png'};
  await expect(gather({inputs, match, classes})).rejects.toThrow(
    'the inputs do not pair: 1 key of pred of class road not in pred of class traffic_light (b); to leave out what has no partner, use --allow-missing',
  );
  const {samples, missing} = await gather({inputs, match, classes, allowMissing: true});
  expect(samples.map(({key}) => key)).toEqual(['a']);
  expect(missing).toEqual([{key: 'b', roles: ['pred of class traffic_light']}]);
});

test('a class without any file', async () => {
  const {inputs} = scratchWith(['a_0.png', 'a_7.png'], ['a.png']);
  await expect(gather({inputs, match: {pred: '{key}_{class}.png'}, classes})).rejects.toThrow(
    /^match\.pred of class light: none of the 2 image files of .*pred fits the pattern; one of them is a_0\.png$/,
  );
});

test('a class by name and by id at once is ambiguous', async () => {
  const {inputs} = scratchWith(['a_0.png', 'a_road.png', 'a_7.png', 'a_12.png'], ['a.png']);
  await expect(gather({inputs, match: {pred: '{key}_{class}.png'}, classes})).rejects.toThrow(
    '1 ambiguous key in pred of class road (a: a_0.png and a_road.png), keep one file of each',
  );
});

test('{class} needs classes, and is for predictions', async () => {
  const {inputs} = scratchWith(['a_0.png'], ['a.png']);
  await expect(gather({inputs, match: {pred: '{key}_{class}'}})).rejects.toThrow(
    'match.pred: {class} needs the classes of the run; set classes or palette',
  );
  await expect(gather({inputs, match: {target: '{key}_{class}'}, classes})).rejects.toThrow(
    'match.target: {class} is for the role pred only',
  );
});
