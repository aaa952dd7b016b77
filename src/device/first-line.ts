/** The first line of an error's message; Node and native libraries put advice and paths on the lines after it. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.trim().split('\n')[0] ?? '').trim();
}
