/** The promise, or `late` when it takes longer than a time, in seconds. What was begun goes on unheeded. */
export async function withinSeconds<Value>(begun: Promise<Value>, seconds: number, late: () => Error): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  // Where the deadline comes first, a rejection of what goes on must not count as unhandled.
  begun.catch(() => undefined);
  try {
    return await Promise.race([begun, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
