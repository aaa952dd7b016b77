import fc from 'fast-check';

/** A set of two identities at least, one of them with two items at least. */
export interface LabelledVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly labels: readonly string[];
}

function labelled(component: fc.Arbitrary<number>): fc.Arbitrary<LabelledVectors> {
  return fc
    .record({dimensions: fc.integer({min: 1, max: 5}), count: fc.integer({min: 3, max: 14})})
    .chain(({dimensions, count}) =>
      fc.record({
        vectors: fc.array(
          fc
            .array(component, {minLength: dimensions, maxLength: dimensions})
            .filter((vector) => vector.some((value) => value !== 0)),
          {minLength: count, maxLength: count},
        ),
        labels: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), {minLength: count, maxLength: count}),
      }),
    )
    .filter(({labels}) => {
      const identities = new Set(labels).size;
      return identities > 1 && identities < labels.length;
    });
}

/** Vectors in general position. */
export const generalSets = labelled(fc.double({min: -2, max: 2, noNaN: true}).map((value) => value + 2 ** -20));

/** Vectors on a small grid: many are equal or equally far apart, and their distances are exact as stored. */
export const griddedSets = labelled(fc.integer({min: -1, max: 1}));
