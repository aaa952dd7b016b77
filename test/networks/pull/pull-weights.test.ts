import {existsSync, readdirSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {knownNetwork} from '../../../src/networks/known.js';
import type {DownloadProgress} from '../../../src/networks/pull/download.js';
import {pullWeights} from '../../../src/networks/pull/pull-weights.js';
import {emptyStore, expectWhole, H5, HASTY, hashOf, published, pull, pullFailure, SAFETENSORS, watched} from './job.js';
import {breakAfter, FileServer} from './server.js';

const FILES = {'small.h5': H5, 'small.safetensors': SAFETENSORS};

describe('a pull', () => {
  test('of a whole file: checked by its published md5, stored, and nothing left beside it', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    const progress: DownloadProgress[] = [];
    const {stored, wasThere} = await pull(network, 'original', {store, onProgress: (at) => progress.push(at)});
    expect(wasThere).toBe(false);
    expect(stored).toMatchObject({origin: 'original', from: server.url('small.h5'), checked: 'published'});
    await expectWhole(network, 'original', store);
    expect(progress[0]).toEqual({done: 0, total: H5.length});
    expect(progress.at(-1)).toEqual({done: H5.length, total: H5.length});
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.headers).toMatchObject({'accept-encoding': 'identity', 'user-agent': 'cv-loss'});
  });

  test('of safetensors: the header first, then only the tensors needed', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    const {stored} = await pull(network, 'torchvision', {store});
    expect(stored.checked).toBe('revision');
    await expectWhole(network, 'torchvision', store);
    const start = 8 + Number(SAFETENSORS.readBigUInt64LE());
    const header = JSON.parse(SAFETENSORS.toString('utf8', 8, start)) as Record<
      string,
      {data_offsets: [number, number]}
    >;
    const offsets = Object.entries(header).flatMap(([name, {data_offsets: at}]) =>
      name.startsWith('features.') ? [at] : [],
    );
    const first = start + Math.min(...offsets.map(([from]) => from));
    const last = start + Math.max(...offsets.map(([, to]) => to)) - 1;
    expect(server.ranges()).toEqual(['bytes=0-7', `bytes=8-${start - 1}`, `bytes=${first}-${last}`]);
    // The classifier, which lies before or after them, was not asked for.
    expect(last - first + 1).toBe(SAFETENSORS.length - start - 4 * 12 - 8);
  });

  test('with --whole: all of it, by its hash', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    expect((await pull(network, 'torchvision', {store, whole: true})).stored.checked).toBe('published');
    expect(server.ranges()).toEqual([undefined]);
    await expectWhole(network, 'torchvision', store);
  });

  test('again: nothing is fetched, unless it is forced', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    const first = await pull(network, 'original', {store});
    expect(await pull(network, 'original', {store})).toEqual({stored: first.stored, wasThere: true});
    expect(server.seen).toHaveLength(1);
    expect((await pull(network, 'original', {store, force: true})).wasThere).toBe(false);
    expect(server.seen).toHaveLength(2);
  });

  test('of weights that ship with the package: there is nothing to pull', async () => {
    const network = knownNetwork('squeezenet1_0');
    const store = emptyStore();
    await expect(pullWeights(network, network.origins[0], {store})).rejects.toThrow(
      'squeezenet1_0 comes with its weights',
    );
    expect(existsSync(store.folder)).toBe(false);
  });
});

describe('another address', () => {
  test('a mirror has the files under their names; all of a file is held against the published hash', async () => {
    const server = await FileServer.start({'w/small.h5': H5, 'w/small.safetensors': SAFETENSORS});
    const network = published(server);
    const store = emptyStore();
    for (const mirror of [server.url('w'), server.url('w/')]) {
      const {stored} = await pull(network, 'torchvision', {store, mirror, force: true});
      expect(stored).toMatchObject({checked: 'published', from: server.url('w/small.safetensors')});
    }
    await expectWhole(network, 'torchvision', store);
    expect(server.ranges()).toEqual([undefined, undefined]);
  });

  test('--from is the file itself; with --sha256 it may be another', async () => {
    const mine = Buffer.from(SAFETENSORS);
    mine.writeFloatLE(0.625, mine.length - 4);
    const server = await FileServer.start({'x/theirs': SAFETENSORS, 'x/mine': mine});
    const network = published(server);
    const store = emptyStore();
    expect((await pull(network, 'torchvision', {store, from: server.url('x/theirs')})).stored.checked).toBe(
      'published',
    );
    const {code} = await pullFailure(
      pull(network, 'torchvision', {store: emptyStore(), from: server.url('x/mine')}),
      emptyStore(),
    );
    expect(code).toBe('wrong-hash');
    const {hex} = hashOf(mine, 'sha256');
    const options = {store, from: server.url('x/mine'), sha256: hex.toUpperCase(), force: true};
    expect((await pull(network, 'torchvision', options)).stored.checked).toBe('given');
  });

  test('what is no address, and a file of other weights, is refused', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    const refusal = async (options: object) =>
      (await pullFailure(pull(network, 'original', {store, ...options}), store)).message;
    expect(await refusal({mirror: 'files.example/w'})).toBe(
      "mirror: expected an address that begins with http:// or https://, got 'files.example/w/'",
    );
    expect(await refusal({from: 'file:///etc/passwd'})).toContain('--from: expected an address that begins with http');
    expect(await refusal({sha256: '00'})).toBe('--sha256 is the hash of the file of --from: give both');
    expect(await refusal({from: server.url('a'), sha256: 'xy'})).toContain("expected 64 hexadecimal digits, got 'xy'");
    const {hex} = hashOf(SAFETENSORS, 'sha256');
    expect(await refusal({from: server.url('small.safetensors'), sha256: hex})).toBe(
      `${server.url('small.safetensors')} holds the torchvision weights of small, not original`,
    );
    expect(existsSync(store.folder) ? readdirSync(store.folder) : []).toEqual([]);
  });

  test('a password goes to its own server only, and into no message', async () => {
    const other = await FileServer.start();
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const network = published(server, {});
    server.handler = (_request, response) => response.writeHead(302, {location: other.url('secret')}).end();
    const from = server.url('small.h5?token=hidden').replace('http://', 'http://me:p%40ss@');
    const {message} = await pullFailure(pull(network, 'original', {store, from}), store);
    expect(message).not.toMatch(/p%40ss|p@ss|hidden/);
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
  });
});

describe('a server', () => {
  test('that redirects, to a relative address too, is followed', async () => {
    const server = await FileServer.start({'deep/blob': H5});
    server.handler = (request, response, next) => {
      const to = {'/small.h5': '/one', '/one': 'two?x=1', '/two?x=1': server.url('deep/blob')}[request.url ?? ''];
      if (to === undefined) next();
      else response.writeHead(307, {location: to}).end('moved');
    };
    const network = published(server);
    const store = emptyStore();
    await pull(network, 'original', {store});
    await expectWhole(network, 'original', store);
  });

  test('that redirects in a circle, to nowhere, or to a file', async () => {
    const server = await FileServer.start();
    const network = published(server);
    const store = emptyStore();
    const failure = () => pullFailure(pull(network, 'original', {store}), store);
    server.handler = (request, response) => response.writeHead(302, {location: request.url}).end();
    expect(await failure()).toEqual({
      code: 'download-failed',
      message: `cannot get ${server.url('small.h5')}: more than 10 redirects`,
    });
    server.handler = (_request, response) => response.writeHead(302).end();
    expect((await failure()).message).toContain('a redirect to nowhere');
    server.handler = (_request, response) => response.writeHead(302, {location: 'file:///etc/passwd'}).end();
    expect((await failure()).message).toContain('which is not followed');
  });

  test.each([404, 403, 401, 400])('that answers %i is not asked again', async (status) => {
    const server = await FileServer.start();
    server.handler = (_request, response) => response.writeHead(status).end('<html>'.repeat(10_000));
    const store = emptyStore();
    const {code, message} = await pullFailure(pull(published(server), 'original', {store}), store);
    expect({code, message}).toEqual({
      code: 'download-failed',
      message: `cannot get ${server.url('small.h5')}: the server answers ${status}`,
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([500, 503, 429])('that answers %i is asked again, and then it is well', async (status) => {
    const server = await FileServer.start(FILES);
    server.handler = (_request, response, next) => {
      if (server.seen.length < 3) response.writeHead(status, {'retry-after': '0.01'}).end('wait');
      else next();
    };
    const network = published(server);
    const store = emptyStore();
    await pull(network, 'original', {store});
    await expectWhole(network, 'original', store);
    expect(server.seen).toHaveLength(3);
  });

  test('that never gets well: one line that says how often it was asked', async () => {
    const server = await FileServer.start();
    server.handler = (_request, response) => response.writeHead(503).end();
    const store = emptyStore();
    expect(await pullFailure(pull(published(server), 'original', {store}), store)).toEqual({
      code: 'download-failed',
      message: `cannot get ${server.url('small.h5')}: the server answers 503, 4 times; the same command goes on from where this one ended`,
    });
    expect(server.seen).toHaveLength(4);
  });

  test('that is not there', async () => {
    const server = await FileServer.start();
    const network = published(server);
    await server.stop();
    const store = emptyStore();
    const {code, message} = await pullFailure(pull(network, 'original', {store}), store);
    expect(code).toBe('download-failed');
    expect(message).toContain('ECONNREFUSED');
  });

  test('that says nothing is given up on', async () => {
    const server = await FileServer.start();
    server.handler = () => undefined;
    const store = emptyStore();
    const impatient = {...HASTY, silence: 50, attempts: 2};
    const {code, message} = await pullFailure(pull(published(server), 'original', {store, patience: impatient}), store);
    expect(code).toBe('download-failed');
    expect(message).toContain('Timeout');
  });

  test.each(['original', 'torchvision'] as const)(
    'that breaks off again and again: what came is kept, the rest asked for (%s)',
    async (origin) => {
      const server = await FileServer.start(FILES);
      const client = watched();
      server.handler = (request, response) => breakAfter(700, request, response, server, client);
      const network = published(server);
      const store = emptyStore();
      await pull(network, origin, {store, onProgress: client.onProgress});
      await expectWhole(network, origin, store);
      const starts = server.ranges().map((range) => Number(/bytes=(\d+)/.exec(range ?? 'bytes=0')?.[1]));
      expect(starts.length).toBeGreaterThan(3);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    },
  );

  test('that knows no ranges is read from the beginning, and what is here already thrown away', async () => {
    const server = await FileServer.start(FILES);
    const client = watched();
    server.handler = (request, response) => {
      delete request.headers.range;
      if (server.seen.length === 1) breakAfter(5000, request, response, server, client);
      else server.serve(request, response);
    };
    const network = published(server);
    const store = emptyStore();
    await pull(network, 'original', {store, onProgress: client.onProgress});
    await expectWhole(network, 'original', store);
    expect(server.seen).toHaveLength(2);
    const other = emptyStore();
    await pull(network, 'torchvision', {store: other});
    await expectWhole(network, 'torchvision', other);
  });

  test('that claims more bytes than it sends', async () => {
    const server = await FileServer.start(FILES);
    server.handler = (_request, response) => {
      response.writeHead(200, {'content-length': H5.length, etag: '"a"'});
      response.write(H5.subarray(0, 100), () => response.destroy());
    };
    const store = emptyStore();
    const {code, message} = await pullFailure(pull(published(server), 'original', {store}), store);
    expect(code).toBe('download-failed');
    expect(message).toContain('4 times; the same command goes on');
  });

  test('that has another length than was published', async () => {
    const server = await FileServer.start({'small.h5': H5.subarray(0, 5000)});
    const store = emptyStore();
    expect(await pullFailure(pull(published(server), 'original', {store}), store)).toEqual({
      code: 'wrong-file',
      message: `${server.url('small.h5')} has 5000 bytes, the published file ${H5.length}`,
    });
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test('that sends wrong bytes', async () => {
    const wrong = Buffer.from(H5);
    wrong.writeUInt8(wrong.readUInt8(9000) ^ 1, 9000);
    const server = await FileServer.start({'small.h5': wrong});
    const store = emptyStore();
    expect(await pullFailure(pull(published(server), 'original', {store}), store)).toEqual({
      code: 'wrong-hash',
      message: `${server.url('small.h5')} has md5 ${hashOf(wrong, 'md5').hex}, the published file has ${hashOf(H5, 'md5').hex}; nothing was kept`,
    });
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test('that sends bytes from elsewhere in the file, or compressed ones', async () => {
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const failure = async () => (await pullFailure(pull(published(server), 'torchvision', {store}), store)).message;
    server.handler = (_request, response) =>
      response.writeHead(206, {'content-range': `bytes 5-12/${SAFETENSORS.length}`}).end(SAFETENSORS.subarray(5, 13));
    expect(await failure()).toContain('asked for the bytes from 0 on, the server sends bytes 5-12/');
    server.handler = (_request, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end('x');
    expect(await failure()).toContain('the server compresses it (gzip)');
  });

  test('that names another hash for the file on the way to it', async () => {
    const server = await FileServer.start({blob: SAFETENSORS});
    const store = emptyStore();
    const network = published(server);
    let linked = 'f'.repeat(64);
    server.handler = (request, response, next) => {
      if (request.url === '/blob') next();
      else response.writeHead(302, {location: '/blob', 'x-linked-etag': `"${linked}"`}).end();
    };
    const {code, message} = await pullFailure(pull(network, 'torchvision', {store}), store);
    expect(code).toBe('wrong-hash');
    expect(message).toContain(`has sha256 ${linked}, the published file`);
    linked = hashOf(SAFETENSORS, 'sha256').hex;
    await pull(network, 'torchvision', {store});
    await expectWhole(network, 'torchvision', store);
  });

  test('without a version of the file: the parts might be of two, so all of it is taken and hashed', async () => {
    const server = await FileServer.start(FILES);
    server.handler = (request, response) => {
      const writeHead = response.writeHead.bind(response);
      response.writeHead = ((status: number, headers: Record<string, string>) => {
        const {etag: _etag, ...rest} = headers;
        return writeHead(status, rest);
      }) as typeof response.writeHead;
      server.serve(request, response);
    };
    const network = published(server);
    const store = emptyStore();
    expect((await pull(network, 'torchvision', {store})).stored.checked).toBe('published');
    await expectWhole(network, 'torchvision', store);
  });

  test('whose file changes while it is fetched: it is fetched anew', async () => {
    const old = Buffer.from(H5);
    old.fill(7, 4000);
    const server = await FileServer.start(FILES);
    const client = watched();
    server.handler = (request, response) => {
      server.files.set('small.h5', server.seen.length === 1 ? old : H5);
      if (server.seen.length === 1) return breakAfter(6000, request, response, server, client);
      server.serve(request, response, '"new"');
    };
    const network = published(server);
    const store = emptyStore();
    await pull(network, 'original', {store, onProgress: client.onProgress});
    await expectWhole(network, 'original', store);
  });

  test('whose safetensors are of another network, refused before they are fetched', async () => {
    const server = await FileServer.start({'small.safetensors': SAFETENSORS});
    const text = SAFETENSORS.toString('latin1').replaceAll('features.5', 'features.7');
    server.files.set('small.safetensors', Buffer.from(text, 'latin1'));
    const store = emptyStore();
    const {code, message} = await pullFailure(pull(published(server), 'torchvision', {store}), store);
    expect(code).toBe('usage');
    expect(message).toContain('there is no tensor features.5.weight');
    expect(server.seen).toHaveLength(2);
  });
});
