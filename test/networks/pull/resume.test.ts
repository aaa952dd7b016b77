import {mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {Partial} from '../../../src/networks/pull/partial.js';
import type {WeightsStore} from '../../../src/networks/store/weights-store.js';
import {systemError, watchFileSystem} from '../../storage/faults.js';
import {emptyStore, expectWhole, H5, published, pull, pullFailure, SAFETENSORS, watched} from './job.js';
import {breakAfter, FileServer} from './server.js';

const FILES = {'small.h5': H5, 'small.safetensors': SAFETENSORS};

/** A pull that gets `bytes` and then no more; gives the name of what it leaves. */
async function interrupted(server: FileServer, store: WeightsStore, origin: 'original' | 'torchvision', bytes: number) {
  let isOver = false;
  const client = watched();
  server.handler = (request, response) => {
    // The tensors come in the third request.
    const isData = origin === 'original' || server.seen.length === 3;
    if (isOver) response.writeHead(503).end();
    else if (isData) breakAfter(bytes, request, response, server, client);
    else server.serve(request, response);
    isOver ||= isData;
  };
  const {code} = await pullFailure(pull(published(server), origin, {store, onProgress: client.onProgress}), store);
  expect(code).toBe('download-failed');
  const [left, ...others] = readdirSync(store.folder);
  expect(others).toEqual([]);
  expect(left).toMatch(new RegExp(`^\\.small-${origin}\\.[A-Za-z0-9]+-${process.pid}-[0-9a-f]{12}\\.part$`));
  server.handler = (_request, _response, next) => next();
  server.seen.length = 0;
  return left as string;
}

describe('what an interrupted pull left', () => {
  test.each([
    ['original', 3000],
    ['original', 0],
    ['torchvision', 500],
  ] as const)('is gone on from (%s after %i bytes)', async (origin, bytes) => {
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const left = await interrupted(server, store, origin, bytes);
    const network = published(server);
    const done: number[] = [];
    await pull(network, origin, {store, onProgress: (progress) => done.push(progress.done)});
    await expectWhole(network, origin, store);
    expect(server.seen).toHaveLength(1);
    expect(done[0]).toBe(bytes);
    if (bytes > 0) expect(server.ranges()[0]).not.toBe('bytes=0-');
    expect(readdirSync(store.folder)).not.toContain(left);
  });

  test('is of no use when the file has another version now, or lies elsewhere', async () => {
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const network = published(server);
    await interrupted(server, store, 'original', 3000);
    server.handler = (request, response) => server.serve(request, response, '"another"');
    await pull(network, 'original', {store});
    await expectWhole(network, 'original', store);
    expect(server.ranges()).toEqual([expect.stringMatching(/^bytes=3000-/), undefined]);
    const elsewhere = emptyStore();
    await interrupted(server, elsewhere, 'original', 3000);
    server.files.set('copy', H5);
    await pull(network, 'original', {store: elsewhere, from: server.url('copy')});
    await expectWhole(network, 'original', elsewhere);
    expect(server.ranges()).toEqual([undefined]);
  });

  test('that turns out to be wrong is fetched anew, once', async () => {
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const left = await interrupted(server, store, 'original', 3000);
    const data = join(store.folder, left, 'data');
    const bytes = readFileSync(data);
    bytes.writeUInt8(bytes.readUInt8(1234) ^ 1, 1234);
    writeFileSync(data, bytes);
    const network = published(server);
    await pull(network, 'original', {store});
    await expectWhole(network, 'original', store);
    expect(server.ranges()).toEqual([expect.stringMatching(/^bytes=3000-/), undefined]);
  });

  test.each(['state.json', 'data'])('whose %s is missing, empty or damaged is begun anew', async (name) => {
    const server = await FileServer.start(FILES);
    for (const content of ['', '{"spans": 3}', 'x'.repeat(100_000)]) {
      const store = emptyStore();
      const left = await interrupted(server, store, 'original', 3000);
      writeFileSync(join(store.folder, left, name), content);
      const network = published(server);
      await pull(network, 'original', {store});
      await expectWhole(network, 'original', store);
    }
  });

  test('by another machine stays for a day, by a dead process of this one is taken over', async () => {
    const server = await FileServer.start(FILES);
    const store = emptyStore();
    const network = published(server);
    const left = await interrupted(server, store, 'original', 3000);
    const here = hostname().replaceAll(/[^A-Za-z0-9]/g, '');
    renameSync(join(store.folder, left), join(store.folder, `.small-original.${here}-999999999-0123456789ab.part`));
    const foreign = join(store.folder, '.small-original.elsewhere-1-0123456789ab.part');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'data'), 'x');
    expect(await Partial.others(store.folder, 'small-original')).toEqual([]);
    await pull(network, 'original', {store});
    expect(server.ranges()).toEqual([expect.stringMatching(/^bytes=3000-/)]);
    expect(readdirSync(store.folder).sort()).toEqual([
      '.small-original.elsewhere-1-0123456789ab.part',
      'small-original.safetensors',
    ]);
  });
});

describe('pulls at once', () => {
  test('one fetches, the others wait for it and find the same', async () => {
    const server = await FileServer.start(FILES);
    server.handler = (_request, _response, next) => setTimeout(next, 300);
    const network = published(server);
    const store = emptyStore();
    const notices: string[] = [];
    const first = pull(network, 'original', {store});
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const others = [1, 2].map(() => pull(network, 'original', {store, onNotice: (line) => notices.push(line)}));
    const [one, ...rest] = await Promise.all([first, ...others]);
    expect(one?.wasThere).toBe(false);
    for (const pulled of rest) expect(pulled).toEqual({stored: one?.stored, wasThere: true});
    expect(notices).toEqual(Array(2).fill(`process ${process.pid} is pulling small (original); waiting for it`));
    expect(server.seen).toHaveLength(1);
    await expectWhole(network, 'original', store);
  });

  test('that begin in the same moment do no damage', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    await Promise.all(Array.from({length: 5}, () => pull(network, 'torchvision', {store})));
    await expectWhole(network, 'torchvision', store);
  });

  test('of both origins go side by side', async () => {
    const server = await FileServer.start(FILES);
    const network = published(server);
    const store = emptyStore();
    await Promise.all([pull(network, 'original', {store}), pull(network, 'torchvision', {store})]);
    expect(readdirSync(store.folder).sort()).toEqual(['small-original.safetensors', 'small-torchvision.safetensors']);
  });
});

describe('a store that cannot be written', () => {
  test.each(['open', 'mkdir', 'handle.write', 'rename', 'handle.sync'])(
    'a full disk at %s: one line, and what came is kept',
    async (call) => {
      const server = await FileServer.start(FILES);
      const store = emptyStore();
      const network = published(server);
      let isFull = false;
      const {release} = watchFileSystem((name) => {
        if (isFull && name === call) throw systemError('ENOSPC');
      });
      isFull = true;
      const {code, message} = await pullFailure(pull(network, 'original', {store}), store);
      release();
      expect(code).toBe('disk-full');
      expect(message).toContain('no space is left on the device');
      expect(message).toContain('CV_LOSS_HOME');
      await pull(network, 'original', {store});
      await expectWhole(network, 'original', store);
    },
  );

  test('a disk that fills up while the file comes: the rest is fetched when there is space', async () => {
    const server = await FileServer.start(FILES);
    let sendRest: () => void = () => undefined;
    server.handler = (request, response) => {
      const send = response.end.bind(response);
      response.end = ((bytes: Buffer) => {
        response.write(bytes.subarray(0, 5000));
        sendRest = () => send(bytes.subarray(5000));
        return response;
      }) as typeof response.end;
      server.serve(request, response);
    };
    const store = emptyStore();
    const network = published(server);
    let free = 5000;
    const {release} = watchFileSystem((name) => {
      if (name === 'handle.write' && free <= 0) throw systemError('EDQUOT');
    });
    const onProgress = ({done}: {done: number}) => {
      free = 5000 - done;
      if (done === 5000) sendRest();
    };
    const {code} = await pullFailure(pull(network, 'original', {store, onProgress}), store);
    release();
    expect(code).toBe('disk-full');
    const [left = ''] = readdirSync(store.folder);
    expect(statSync(join(store.folder, left, 'data')).size).toBe(5000);
    server.handler = (_request, _response, next) => next();
    server.seen.length = 0;
    await pull(network, 'original', {store});
    await expectWhole(network, 'original', store);
    expect(server.ranges()).toEqual([`bytes=5000-${H5.length - 1}`]);
  });
});
