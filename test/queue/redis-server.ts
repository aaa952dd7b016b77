import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const {port} = server.address() as {port: number};
      server.close(() => resolve(port));
    });
  });
}

/** A real redis-server on loopback, with a folder of its own. A machine without one fails the test. */
export class RedisServer {
  readonly dir = mkdtempSync(join(tmpdir(), 'cv-loss-redis-'));
  #child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly args: readonly string[],
    private readonly password: string | undefined,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts a server; `args` are those of its command line, `password` that of the default user where they set one. */
  static async start(args: readonly string[] = [], password?: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args, password);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.dir, ...this.args];
    const child = spawn('redis-server', args, {stdio: 'ignore'});
    this.#child = child;
    let failure: Error | null = null;
    child.on('error', (error) => {
      failure = error;
    });
    for (let tries = 0; !(await this.#answers()); tries++) {
      if (failure || child.exitCode !== null || tries > 200) throw new Error(`redis-server does not start: ${failure}`);
      await sleep(25);
    }
  }

  /** A connection of the test's own; close it. */
  client(): Redis {
    return new Redis({port: this.port, ...(this.password && {password: this.password}), maxRetriesPerRequest: null});
  }

  /** Ends the server as a crash does, and takes its folder away unless it starts again. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dir, {recursive: true, force: true});
  }

  async #answers(): Promise<boolean> {
    const client = new Redis({
      port: this.port,
      ...(this.password && {password: this.password}),
      lazyConnect: true,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.ping()) === 'PONG';
    } catch {
      return false;
    } finally {
      client.disconnect();
    }
  }
}
