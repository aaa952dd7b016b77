/** Standard output takes no more: its reader went away, or an error was told by `watchStreams`. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Writes a piece of text to standard output, and resolves when there is room for more. Throws OutputClosed. */
export function printPiece(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(new OutputClosed());
      else resolve();
    });
  });
}
