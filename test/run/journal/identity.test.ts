import {expect, test} from 'vitest';
import {differences, type IdentityParts, runIdentity} from '../../../src/run/journal/identity.js';

const PARTS: IdentityParts = {
  version: '1.0.0',
  config: {task: 'photo', losses: ['mse'], inputs: {pred: 'out'}, match: {}, pairs: null, gates: {}, group_by: null},
  device: {name: 'cpu', gpu: false, versions: {tfjs: '4'}},
  decoders: {sharp: '0.35'},
  savedImages: null,
  prepared: {},
  classes: null,
  columns: [{name: 'mse'}],
};
const identity = runIdentity(PARTS);

test.each<[string, Partial<IdentityParts>, string[]]>([
  ['nothing', {}, []],
  ['the version', {version: '1.0.1'}, ['version']],
  ['a loss', {config: {...PARTS.config, losses: ['mae']}, columns: [{name: 'mae'}]}, ['columns', 'config.losses']],
  ['an option that was not there', {config: {...PARTS.config, image: {}}}, ['config.image']],
  ['the device', {device: {...PARTS.device, name: 'tensorflow'}}, ['device']],
  ['a version of the device', {device: {...PARTS.device, versions: {tfjs: '5'}}}, ['device']],
  ['the image library', {decoders: {sharp: '0.36'}}, ['decoders']],
  ['where made images go', {savedImages: '/made'}, ['saved images']],
  ['what the first pass found', {prepared: {wce: {weights: [1, 2]}}}, ['first pass']],
  ['the classes', {classes: [[0, 'road']]}, ['classes']],
  ['a network', {networks: [{network: 'vgg19', threads: 2}]}, ['networks']],
  ['a model', {sources: {a_to_b: 'f00'}}, ['sources']],
  [
    'where samples lie',
    {config: {...PARTS.config, inputs: {pred: 'moved'}, pairs: 'pairs.csv', match: {pred: '{key}'}}},
    [],
  ],
  [
    'gates and groups',
    {config: {...PARTS.config, gates: {mse: {mean: {max: 1}}}, group_by: '{dir}', allow_missing: true}},
    [],
  ],
])('another run differs by %s', (_, change, expected) => {
  const other = runIdentity({...PARTS, ...change});
  expect(differences(identity, other).sort()).toEqual(expected);
  expect(differences(other, identity).sort()).toEqual(expected);
});

test('an identity is plain JSON, so that the one that was read is the one that was written', () => {
  expect(differences(JSON.parse(JSON.stringify(identity)), identity)).toEqual([]);
  const odd = runIdentity({...PARTS, prepared: {a: undefined, b: Number.NaN}});
  expect(differences(JSON.parse(JSON.stringify(odd)), odd)).toEqual([]);
});
