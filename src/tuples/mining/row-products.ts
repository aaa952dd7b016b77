import {dotProducts} from '../../kernels/row-products.js';

/** Products of the rows of a matrix with all of its rows, summed in float32 in any order. */
export interface RowProducts {
  /** Writes the products of some rows, row-major `[rows.length, all rows]`. One call at a time. */
  write(rows: Int32Array, out: Float32Array): Promise<void>;
  /** Frees what is held; nothing can be written afterwards. */
  close(): Promise<void>;
}

/** Makes the products of a row-major matrix. */
export type MakeRowProducts = (values: Float32Array, dimensions: number) => Promise<RowProducts>;

/** Products by this process's own kernel: at once, and several times slower than a library of linear algebra. */
export const kernelProducts: MakeRowProducts = async (values, dimensions) => {
  const all = {values: Float64Array.from(values), dimensions, first: 0, count: values.length / dimensions};
  return {
    async write(rows, out) {
      const products = new Float64Array(rows.length * all.count);
      dotProducts({...all, values: rowsAt(all.values, dimensions, rows), count: rows.length}, all, products);
      out.set(products);
    },
    async close() {},
  };
};

/** Copies of the rows at these places. */
function rowsAt<Values extends Float32Array | Float64Array>(
  values: Values,
  dimensions: number,
  rows: Int32Array,
): Values {
  const copies = values.slice(0, rows.length * dimensions) as Values;
  rows.forEach((row, i) => {
    copies.set(values.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  return copies;
}
