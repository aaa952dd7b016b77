import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

/** A request as it came. */
export interface Seen {
  readonly url: string;
  readonly range: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

/** What a server does with a request; it may answer, fail, or call `next` for the file as asked for. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** A file server whose answers a test can spoil. */
export class FileServer {
  readonly seen: Seen[] = [];
  /** Called in the place of the answer. */
  handler: Handler = (_request, _response, next) => next();
  readonly #server: Server;

  private constructor(readonly files: Map<string, Buffer>) {
    this.#server = createServer((request, response) => {
      this.seen.push({url: request.url ?? '', range: request.headers.range, headers: request.headers});
      this.handler(request, response, () => this.serve(request, response));
    });
  }

  /** Starts one that ends with the test. */
  static async start(files: Readonly<Record<string, Buffer>> = {}): Promise<FileServer> {
    const server = new FileServer(new Map(Object.entries(files)));
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => server.stop());
    return server;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(file: string): string {
    return `http://127.0.0.1:${this.port}/${file}`;
  }

  /** Bytes of bodies that were asked for, by the ranges of the requests. */
  ranges(): (string | undefined)[] {
    return this.seen.map(({range}) => range);
  }

  /** Answers as a good server does: 206 for a range, with an ETag of the contents. */
  serve(request: IncomingMessage, response: ServerResponse, etag?: string): void {
    const file = this.files.get((request.url ?? '').slice(1).split('?')[0] ?? '');
    if (!file) {
      response.writeHead(404).end('not here');
      return;
    }
    const headers = {
      etag: etag ?? `"${file.length}-${file.subarray(0, 64).toString('hex').slice(-16)}"`,
      'accept-ranges': 'bytes',
    };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined) {
      response.writeHead(200, {...headers, 'content-length': file.length}).end(file);
      return;
    }
    const start = Number(from);
    const end = to ? Math.min(Number(to) + 1, file.length) : file.length;
    if (start >= file.length) {
      response.writeHead(416, {...headers, 'content-range': `bytes */${file.length}`}).end();
      return;
    }
    response
      .writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${end - 1}/${file.length}`,
        'content-length': end - start,
      })
      .end(file.subarray(start, end));
  }
}

/** How far a client says that it is. */
export interface ClientProgress {
  done: number;
}

/**
 * Sends the first bytes of what would be sent, and breaks the connection when the client has taken them up: what it has
 * not taken up by then is lost to it.
 */
export function breakAfter(
  bytes: number,
  request: IncomingMessage,
  response: ServerResponse,
  server: FileServer,
  client: ClientProgress,
): void {
  const wanted = client.done + bytes;
  const end = response.end.bind(response);
  response.end = ((chunk: unknown) => {
    if (!Buffer.isBuffer(chunk) || chunk.length <= bytes) return end(chunk as Buffer);
    response.flushHeaders();
    response.write(chunk.subarray(0, bytes));
    const timer = setInterval(() => {
      if (client.done < wanted) return;
      clearInterval(timer);
      response.destroy();
    }, 2);
    response.on('close', () => clearInterval(timer));
    return response;
  }) as ServerResponse['end'];
  server.serve(request, response);
}
