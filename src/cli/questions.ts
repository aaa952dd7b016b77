import {createInterface, type Interface} from 'node:readline';
import {UsageError} from '../errors.js';
import {EXIT} from './exit.js';
import {Interrupted} from './signals.js';

/** Whether there is somebody to ask: standard input and standard error are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Questions on standard error, answered on standard input. Call `close` when no more follow: until then Ctrl-C is kept. */
export class Questions {
  private readonly lines: Interface = createInterface({input: process.stdin, output: process.stderr});
  /** Lines typed ahead. */
  private readonly answers: string[] = [];
  private ended: Error | null = null;
  private wake: () => void = () => undefined;

  constructor() {
    this.lines.on('line', (line) => {
      this.answers.push(line);
      this.wake();
    });
    this.lines.on('SIGINT', () => this.end(new Interrupted(EXIT.interrupted)));
    this.lines.on('close', () =>
      this.end(new UsageError('CVL-A011', 'the input ended before the question was answered')),
    );
  }

  /** Asks; an empty answer is `suggestion`. Throws Interrupted on Ctrl-C, UsageError when the input ends. */
  async ask(question: string, suggestion = ''): Promise<string> {
    this.lines.setPrompt(`${question}${suggestion === '' ? '' : ` [${suggestion}]`}: `);
    this.lines.prompt();
    while (this.answers.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const answer = this.answers.shift();
    if (answer === undefined) {
      process.stderr.write('\n');
      throw this.ended;
    }
    return answer.trim() || suggestion;
  }

  /** Asks for a yes; anything else is a no. */
  async confirm(question: string): Promise<boolean> {
    return /^y(es)?$/i.test(await this.ask(`${question} (y/N)`));
  }

  close(): void {
    this.lines.close();
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.wake();
  }
}
