/** Any user but root: permissions bind it. */
const NOBODY = 65_534;

/** Does work as a user whom permissions bind; root's own are given back afterwards. */
export async function asOrdinaryUser<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
