import {describe, expect, test} from 'vitest';
import {losses} from '../../../src/losses/registry.js';
import {createLoss, wasm} from '../score.js';
import {declaredLosses} from './declarations.js';
import {classesOf} from './inputs.js';

describe.each(declaredLosses)('$id', ({id, variants}) => {
  test.each(variants)('has its own column first, better as it says: $inputs $options', async (of) => {
    const config = {...of.options, type: id};
    const {descriptor, instance} = await createLoss(config, await wasm(), classesOf(of.inputs));
    const {better, options} = descriptor;
    const direction = typeof better === 'function' ? better(options.parse(of.options ?? {})) : better;
    instance.dispose?.();
    if (direction === 'none') expect(instance.columns.map(({part}) => part)).not.toContain('');
    else expect(instance.columns[0]).toEqual({part: '', better: direction});
    expect(new Set(instance.columns.map(({part}) => part)).size).toBe(instance.columns.length);
  });
});

test.each(losses)('$id reads its roles ignore and weight as every loss does', ({optionalInputs = {}}) => {
  const {ignore = 'labels', weight = 'weights'} = optionalInputs;
  expect({ignore, weight}).toEqual({ignore: 'labels', weight: 'weights'});
});
