/** The promise, or `late` when it takes longer than a time, in seconds. What was begun goes on unheeded. */
export async function withinSeconds<Value>(begun: Promise<Value>, seconds: number, late: () => Error): Promise<Value> {
  const startedMs = performance.now();
  const limitMs = seconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  // Where the deadline comes first, a rejection of what goes on must not count as unhandled.
  begun.catch(() => undefined);
  try {
    const value = await Promise.race([begun, deadline]);
    // What keeps the thread busy keeps the deadline waiting too.
    if (performance.now() - startedMs > limitMs) throw late();
    return value;
  } finally {
    clearTimeout(timer);
  }
}
