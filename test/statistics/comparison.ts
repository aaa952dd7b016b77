import {readFileSync} from 'node:fs';

interface ComparisonReference {
  readonly sign_flip: Readonly<
    Record<string, {differences: number[]; greater: number; less: number; bootstrap?: [number, number]}>
  >;
  readonly holm: readonly {p: number[]; adjusted: number[]}[];
}

/** Values by scipy and statsmodels; see fixtures/made-by/comparison.py. */
export const comparison: ComparisonReference = JSON.parse(
  readFileSync(new URL('../../fixtures/comparison.json', import.meta.url), 'utf8'),
);
