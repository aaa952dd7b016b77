import {dotProducts, type RowRange} from './row-products.js';

/** Rows turned into columns at a time, and columns of the product at a time: both factors of a product stay in the cache. */
const CHUNK = 256;
const STRIPE = 64;

/** XᵀX of rows X `[count, dimensions]`: symmetric, row-major `[dimensions, dimensions]`. */
export function scatterMatrix(rows: RowRange): Float64Array {
  const {dimensions, count} = rows;
  const scatter = new Float64Array(dimensions * dimensions);
  const product = new Float64Array(Math.min(STRIPE, dimensions) * dimensions);
  for (let start = 0; start < count; start += CHUNK) {
    addChunk(scatter, transposed(rows, start, Math.min(CHUNK, count - start)), product);
  }
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) scatter[i * dimensions + j] = scatter[j * dimensions + i] as number;
  }
  return scatter;
}

/** Adds the upper triangle (and a little below it) of the product of the columns. */
function addChunk(scatter: Float64Array, columns: RowRange, product: Float64Array): void {
  const size = columns.count;
  for (let first = 0; first < size; first += STRIPE) {
    const stripe = {...columns, first, count: Math.min(STRIPE, size - first)};
    const rest = {...columns, first, count: size - first};
    dotProducts(stripe, rest, product);
    for (let i = 0; i < stripe.count; i++) {
      const row = (first + i) * size + first;
      for (let j = 0; j < rest.count; j++) {
        scatter[row + j] = (scatter[row + j] as number) + (product[i * rest.count + j] as number);
      }
    }
  }
}

function transposed({values, dimensions, first}: RowRange, start: number, count: number): RowRange {
  const columns = new Float64Array(dimensions * count);
  for (let i = 0; i < count; i++) {
    const row = (first + start + i) * dimensions;
    for (let k = 0; k < dimensions; k++) columns[k * count + i] = values[row + k] as number;
  }
  return {values: columns, dimensions: count, first: 0, count: dimensions};
}
