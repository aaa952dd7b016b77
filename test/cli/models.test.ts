import {createHash} from 'node:crypto';
import {closeSync, ftruncateSync, openSync, readdirSync, readFileSync, statSync, writeSync} from 'node:fs';
import {createServer} from 'node:http';
import {type AddressInfo, connect} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, onTestFinished, test} from 'vitest';
import {FileServer} from '../networks/pull/server.js';
import {writeSafetensors} from '../networks/weights/write-safetensors.js';
import {finished, startCvLoss} from './cv-loss.js';
import {noise} from './pixels.js';
import {fixture, Workspace} from './workspace.js';

const reference = JSON.parse(readFileSync(fixture('networks', 'torchvision.json'), 'utf8')) as {
  readonly tensors: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
};

/** torchvision's file of a network: zeros, but for one value of the first kernel. */
function torchvisionFile(work: Workspace, network: string, name = `${network}.safetensors`): string {
  const tensors = Object.entries(reference.tensors[network] ?? {}).map(([tensor, shape]) => ({name: tensor, shape}));
  writeSafetensors(work.path(name), tensors, new Map([['features.0.weight', 0.5]]));
  return name;
}

const stored = (work: Workspace) => join(work.home, '.cache', 'cv-loss', 'weights');
const storedNames = (work: Workspace) => readdirSync(stored(work)).sort();

/** A server with squeezenet1_1's file, and the flags that pull it from there. */
async function squeezenetServer(work: Workspace) {
  const file = readFileSync(work.path(torchvisionFile(work, 'squeezenet1_1')));
  const server = await FileServer.start({'squeezenet.safetensors': file});
  const sha256 = createHash('sha256').update(file).digest('hex');
  const flags = ['models', 'pull', 'squeezenet1_1', '--from', server.url('squeezenet.safetensors'), '--sha256', sha256];
  return {server, file, flags};
}

describe('models list', () => {
  test('names every network, whose weights there are, and the commands that get them', async () => {
    const work = new Workspace(onTestFinished);
    const {code, stdout, stderr} = await work.run(['models', 'list']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    const rows = stdout
      .split('\n')
      .slice(1, 8)
      .map((line) => line.split(/ {2,}/).slice(0, 3));
    expect(rows).toEqual([
      ['squeezenet1_0', 'original', 'comes with cv-loss'],
      ['vgg16', 'original', 'not here'],
      ['vgg16', 'torchvision', 'not here'],
      ['vgg19', 'original', 'not here'],
      ['vgg19', 'torchvision', 'not here'],
      ['alexnet', 'torchvision', 'not here'],
      ['squeezenet1_1', 'torchvision', 'not here'],
    ]);
    expect(stdout).toContain(`Stored in ${stored(work)}. To get one: cv-loss models pull vgg19`);
    expect(work.contents()).toEqual(['home', 'work']);
  });

  test('--json has the addresses and hashes', async () => {
    const work = new Workspace(onTestFinished);
    const {stdout} = await work.run(['models', 'list', '--json'], {env: {CV_LOSS_HOME: work.path('cache')}});
    const {folder, weights} = JSON.parse(stdout) as {folder: string; weights: {network: string; source: string}[]};
    expect(folder).toBe(work.path('cache', 'weights'));
    expect(weights.find(({network, source}) => network === 'vgg19' && source === 'original')).toEqual({
      network: 'vgg19',
      source: 'original',
      default: true,
      state: 'missing',
      path: work.path('cache', 'weights', 'vgg19-original.safetensors'),
      bytes: null,
      sha256: null,
      from: null,
      checked: null,
      problem: null,
      preprocessing: {order: 'bgr', scale: 255, mean: [103.939, 116.779, 123.68], std: [1, 1, 1]},
      provenance: expect.stringContaining('Creative Commons'),
      published: {
        url: 'https://storage.googleapis.com/tensorflow/keras-applications/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5',
        file: 'vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5',
        bytes: 80134624,
        md5: '253f8cb515780f3b799900260a226db6',
      },
    });
  });
});

describe('models pull', () => {
  test('from a server; then it is listed, verified, and its path is known', async () => {
    const work = new Workspace(onTestFinished);
    const {server, flags} = await squeezenetServer(work);
    const pulled = await work.run(flags);
    const path = join(stored(work), 'squeezenet1_1-torchvision.safetensors');
    expect(pulled).toMatchObject({code: 0, stderr: ''});
    expect(pulled.stdout).toMatch(
      /^squeezenet1_1 \(torchvision\) pulled: the file of the given hash\n {2}\S+, 2\.9 MB, weights sha256 [0-9a-f]{64}\n$/,
    );
    expect(pulled.stdout).toContain(path);
    expect(storedNames(work)).toEqual(['squeezenet1_1-torchvision.safetensors']);
    expect((await work.run(['models', 'path', 'squeezenet1_1'])).stdout).toBe(`${path}\n`);
    expect((await work.run(['models', 'list'])).stdout).toMatch(/squeezenet1_1 {2}torchvision {2}stored .* from http:/);
    const {code, stdout} = await work.run(['models', 'verify']);
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2}/).slice(0, 2).join(' '))).toEqual([
      'whole squeezenet1_0 (original)',
      'whole squeezenet1_1 (torchvision)',
      '',
    ]);
    expect((await work.run(flags)).stdout).toContain('there already');
    expect(server.seen).toHaveLength(1);
  });

  test('killed in the middle, and given again: it goes on, and is whole', async () => {
    const work = new Workspace(onTestFinished);
    const {server, file, flags} = await squeezenetServer(work);
    server.handler = (_request, response) => {
      response.writeHead(200, {'content-length': file.length, etag: '"one"'});
      response.write(file.subarray(0, 1_000_000));
    };
    const child = startCvLoss(flags, work.surroundings());
    const end = finished(child);
    const dataSize = () => {
      const left = readdirSync(work.home, {recursive: true})
        .map(String)
        .find((name) => name.endsWith('data'));
      return left === undefined ? 0 : statSync(join(work.home, left)).size;
    };
    while (dataSize() < 1_000_000) await sleep(20);
    child.kill('SIGKILL');
    expect((await end).code).toBeNull();
    expect(storedNames(work)).toEqual([expect.stringMatching(/^\.squeezenet1_1-torchvision\..*\.part$/)]);
    server.handler = (request, response) => server.serve(request, response, '"one"');
    expect(await work.run(flags)).toMatchObject({code: 0, stderr: ''});
    expect(server.ranges()).toEqual([undefined, `bytes=1000000-${file.length - 1}`]);
    expect(storedNames(work)).toEqual(['squeezenet1_1-torchvision.safetensors']);
    expect((await work.run(['models', 'verify', 'squeezenet1_1'])).code).toBe(0);
  });

  test('interrupted by a signal: one line, and it goes on', async () => {
    const work = new Workspace(onTestFinished);
    const {server, file, flags} = await squeezenetServer(work);
    server.handler = (_request, response) => {
      response.writeHead(200, {'content-length': file.length, etag: '"one"'});
      response.write(file.subarray(0, 1000));
    };
    const child = startCvLoss(flags, work.surroundings());
    const end = finished(child);
    while (server.seen.length === 0) await sleep(20);
    child.kill('SIGINT');
    expect(await end).toEqual({
      code: 130,
      stdout: '',
      stderr: 'cv-loss: interrupted; the same command goes on from here\n',
    });
  });

  test('two at once: one file, whole', async () => {
    const work = new Workspace(onTestFinished);
    const {server, flags} = await squeezenetServer(work);
    server.handler = (_request, _response, next) => setTimeout(next, 200);
    const runs = await Promise.all([1, 2].map(() => work.run(flags)));
    for (const {code, stdout} of runs) expect([code, stdout]).toEqual([0, expect.stringContaining('weights sha256')]);
    expect(storedNames(work)).toEqual(['squeezenet1_1-torchvision.safetensors']);
    expect((await work.run(['models', 'verify', 'squeezenet1_1'])).code).toBe(0);
  });

  test('through the proxy of the environment, unless NO_PROXY names the server', async () => {
    const work = new Workspace(onTestFinished);
    const {server, flags} = await squeezenetServer(work);
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket, head) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const env = {HTTP_PROXY: address, HTTPS_PROXY: address};
    const behind = flags.map((flag) => flag.replace('127.0.0.1', 'weights.example'));
    expect(await work.run(behind, {env})).toMatchObject({code: 0, stderr: ''});
    expect(tunnels).toEqual([`weights.example:${server.port}`]);
    expect((await work.run([...flags, '--force'], {env: {...env, NO_PROXY: '127.0.0.1'}})).code).toBe(0);
    expect(tunnels).toHaveLength(1);
    expect((await work.run([...flags, '--force'], {env})).code).toBe(0);
    expect(tunnels).toHaveLength(2);
  });

  test('a mirror is a flag or CV_LOSS_MIRROR; what it has is held against the published hash', async () => {
    const work = new Workspace(onTestFinished);
    const server = await FileServer.start({'w/alexnet-owt-7be5be79.pth': Buffer.from('not the file')});
    const short = {
      code: 4,
      stdout: '',
      stderr: `cv-loss: wrong-file: ${server.url('w/alexnet-owt-7be5be79.pth')} has 12 bytes, the published file 244408911\n`,
    };
    expect(await work.run(['models', 'pull', 'alexnet'], {env: {CV_LOSS_MIRROR: server.url('w')}})).toEqual(short);
    expect(await work.run(['models', 'pull', 'alexnet', '--mirror', server.url('w/')])).toEqual(short);
    server.files.set('vgg16.tv_in1k.safetensors', Buffer.from('not the file'));
    const args = ['models', 'pull', 'vgg16', '--source', 'torchvision', '--mirror', server.url('')];
    const {code, stderr} = await work.run(args);
    expect([code, stderr]).toEqual([
      4,
      `cv-loss: wrong-hash: ${server.url('vgg16.tv_in1k.safetensors')} has sha256 ${createHash('sha256').update('not the file').digest('hex')}, the published file has 57b026918159a6bf9faf8405c3a551903768e7138989d9c6224a14227203fad8; nothing was kept\n`,
    ]);
    expect(storedNames(work)).toEqual([]);
  });

  test('what cannot be pulled: one line, before anything is fetched', async () => {
    const work = new Workspace(onTestFinished);
    const line = async (...args: string[]) => {
      const {code, stdout, stderr} = await work.run(['models', 'pull', ...args]);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await line('vgg91')).toContain("cv-loss: network 'vgg91' is not known; known networks: vgg1");
    expect(await line('alexnet', '--source', 'original')).toBe(
      "cv-loss: network alexnet has no 'original' weights; it has: torchvision\n",
    );
    expect(await line('squeezenet1_0')).toBe(
      'cv-loss: squeezenet1_0 comes with its weights: there is nothing to pull\n',
    );
    expect(await line('vgg16', 'vgg19', '--from', 'http://127.0.0.1:9/x')).toBe(
      'cv-loss: --from is the address of one file: name one network\n',
    );
    expect(await line()).toContain("missing required argument 'network'");
    expect(work.contents()).toEqual(['home', 'work']);
  });

  test.runIf(process.getuid?.() !== undefined)(
    'into a cache that is read-only: one line that names the setting',
    async () => {
      const work = new Workspace(onTestFinished);
      const {flags} = await squeezenetServer(work);
      const {code, stdout, stderr} = await work.run(flags, {env: {CV_LOSS_HOME: '/proc/cv-loss'}});
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toMatch(/^cv-loss: [a-z-]+: cannot write \/proc\/cv-loss\/weights.*CV_LOSS_HOME\)\n$/);
    },
  );
});

/** A tfjs model of VGG16 as Keras names it: zeros, which take no space, but for one value. */
function kerasModel(work: Workspace): void {
  const blocks = [2, 2, 3, 3, 3];
  const channels = [64, 128, 256, 512, 512];
  const weights: {name: string; shape: number[]; dtype: string}[] = [];
  let inputs = 3;
  let bytes = 0;
  blocks.forEach((count, block) => {
    for (let i = 1; i <= count; i++) {
      const outputs = channels[block] as number;
      const layer = `block${block + 1}_conv${i}`;
      weights.push({name: `${layer}/kernel`, shape: [3, 3, inputs, outputs], dtype: 'float32'});
      weights.push({name: `${layer}/bias`, shape: [outputs], dtype: 'float32'});
      bytes += 4 * (9 * inputs * outputs + outputs);
      inputs = outputs;
    }
  });
  work.write(
    'model/model.json',
    JSON.stringify({modelTopology: {}, weightsManifest: [{paths: ['group1.bin'], weights}]}),
  );
  const file = openSync(work.path('model', 'group1.bin'), 'w');
  ftruncateSync(file, bytes);
  const value = Buffer.alloc(4);
  value.writeFloatLE(0.01);
  // HWIO: the centre of the kernel, first input, first output.
  writeSync(file, value, 0, 4, 4 * 4 * 3 * 64);
  closeSync(file);
}

describe('models import', () => {
  test("Keras' VGG16 becomes the network's default weights", async () => {
    const work = new Workspace(onTestFinished);
    kerasModel(work);
    const {code, stdout, stderr} = await work.run(['models', 'import', 'vgg16', 'model/model.json']);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout).toMatch(/^vgg16 \(original\) imported: not known to be a published file\n/);
    await work.image('out/1.png', noise(1, 20, 20, 3));
    await work.image('truth/1.png', noise(2, 20, 20, 3));
    const run = await work.run([
      'eval',
      '--pred',
      'out',
      '--target',
      'truth',
      '--losses',
      'perceptual',
      '--set',
      'losses.0.network=vgg16',
      '--set',
      'losses.0.layers={relu1_1: 1}',
    ]);
    expect(run).toMatchObject({code: 0, stderr: ''});
    expect(work.json('cv-loss-report', 'report.json')).toMatchObject({
      networks: [
        {
          network: 'vgg16',
          weights: 'original, from model.json',
          weights_sha256: /sha256 ([0-9a-f]{64})/.exec(stdout)?.[1],
          preprocessing: {order: 'bgr', scale: 255, mean: [103.939, 116.779, 123.68], std: [1, 1, 1]},
        },
      ],
    });
    // relu(0.01·(blue·255 − 103.939)) at each pixel; the other 63 channels are 0.
    const blue = (seed: number) => noise(seed, 20, 20, 3).data.filter((_, i) => i % 3 === 2);
    const [x, y] = [blue(1), blue(2)];
    const activation = (level: number) => Math.max(0, 0.01 * (level - 103.939));
    const sum = x.reduce((total, level, i) => total + (activation(level) - activation(y[i] as number)) ** 2, 0);
    expect(Number(work.rows().get('1')?.perceptual) / (sum / (64 * x.length))).toBeCloseTo(1, 5);
  });

  test('what is not the network: one line that says what it looks like', async () => {
    const work = new Workspace(onTestFinished);
    const name = torchvisionFile(work, 'squeezenet1_1');
    expect(await work.run(['models', 'import', 'vgg16', name])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "cv-loss: weights 'squeezenet1_1.safetensors': this looks like squeezenet1_1, not vgg16: there is no tensor features.2.weight, expected F32 [64, 64, 3, 3]\n",
    });
    expect((await work.run(['models', 'import', 'vgg16', 'none.h5'])).stderr).toBe(
      "cv-loss: weights 'none.h5': cannot be read: no such file\n",
    );
    expect((await work.run(['models', 'import', 'squeezenet1_0', name])).stderr).toBe(
      'cv-loss: squeezenet1_0 comes with its weights; to use others, give the loss weights: FILE\n',
    );
    expect(readdirSync(work.home)).toEqual([]);
  });

  test('damaged in the store: verify and eval say so, with the command that helps', async () => {
    const work = new Workspace(onTestFinished);
    const name = torchvisionFile(work, 'squeezenet1_1');
    expect((await work.run(['models', 'import', 'squeezenet1_1', name])).code).toBe(0);
    const path = join(stored(work), 'squeezenet1_1-torchvision.safetensors');
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.from([0, 0, 0x80, 0x3f]), 0, 4, statSync(path).size - 4);
    closeSync(file);
    const {code, stdout, stderr} = await work.run(['models', 'verify']);
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^whole {2}squeezenet1_0 /)]);
    expect(stderr).toMatch(
      /^cv-loss: weights '.*': the file is damaged: .*; get them again: cv-loss models pull squeezenet1_1 --force\n$/,
    );
    expect(await work.run(['models', 'verify', 'vgg16'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cv-loss: vgg16: its weights are not on this machine: cv-loss models pull vgg16\n',
    });
  });
});
