import {describe, expect, test} from 'vitest';
import {compareVersions, fulfils, requirementsOf} from '../../src/setup/requirement.js';

/** As the METADATA of tensorflow 2.21.0 has them. */
const METADATA = `Name: tensorflow
Requires-Dist: absl-py>=1.0.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia_cudnn_cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'
Requires-Dist: tensorflow-io-gcs-filesystem>=0.23.1; extra == "gcs-filesystem"
`;

test('the requirements of an extra', () => {
  expect(requirementsOf(METADATA, 'and-cuda')).toEqual([
    {name: 'nvidia-cublas-cu12', versions: '<13.0,>=12.5.3.2'},
    {name: 'nvidia-cudnn-cu12', versions: '<10.0,>=9.3.0.75'},
  ]);
  expect(requirementsOf(METADATA, 'cuda')).toEqual([]);
});

// Decided by packaging 24 (SpecifierSet.contains), but for versions that are no final release, which are never taken.
describe('PEP 440', () => {
  test.each([
    ['12.9.1.4', '<13.0,>=12.5.3.2', true],
    ['13.0', '<13.0,>=12.5.3.2', false],
    ['12.5.3.1', '<13.0,>=12.5.3.2', false],
    ['12.5.3.2', '<13.0,>=12.5.3.2', true],
    ['2.15', '==2.15.0', true],
    ['2.15.1', '==2.15.0', false],
    ['2.15.1', '!=2.15.1', false],
    ['2.15.1', '~=2.15.0', true],
    ['2.16.0', '~=2.15.0', false],
    ['2.9.0', '>2.15', false],
    ['2.16.0rc1', '>=2.0', false],
    ['1.0.post1', '', true],
    ['1.0', '===1.0', false],
  ])('%s fulfils %s: %s', (version, versions, expected) => {
    expect(fulfils(version, {name: 'x', versions})).toBe(expected);
  });

  test('versions are ordered by their numbers', () => {
    expect(['2.9', '2.15.1', '2.15', '10.0'].sort(compareVersions)).toEqual(['2.9', '2.15', '2.15.1', '10.0']);
  });
});
