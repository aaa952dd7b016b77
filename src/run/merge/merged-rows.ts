import type {Row} from '../../rows/row.js';

/** Rows of several sources, each in key order, in key order. Closes every source when the last row was taken, or the consumer leaves. */
export async function* mergedRows(sources: readonly AsyncGenerator<Row>[]): AsyncGenerator<Row> {
  try {
    const heads = await Promise.all(sources.map((source) => nextOf(source)));
    for (;;) {
      let least = -1;
      heads.forEach((head, i) => {
        if (head !== null && (least < 0 || head.key < (heads[least] as Row).key)) least = i;
      });
      if (least < 0) return;
      const row = heads[least] as Row;
      heads[least] = await nextOf(sources[least] as AsyncGenerator<Row>);
      yield row;
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

async function nextOf(source: AsyncGenerator<Row>): Promise<Row | null> {
  const {value, done} = await source.next();
  return done ? null : value;
}
