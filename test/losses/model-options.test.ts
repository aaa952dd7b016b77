import {expect, test} from 'vitest';
import {modelFile} from '../../src/losses/model-options.js';

test.each([7, null, {file: 'net.onnx'}])('a model that is no path is refused in words: %j', (given) => {
  const {error} = modelFile.safeParse(given);
  expect(error?.issues.map(({message}) => message)).toEqual(['expected a model: an .onnx file, or a model.json']);
});
