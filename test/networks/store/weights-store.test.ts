import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {RunError, UsageError} from '../../../src/errors.js';
import {importWeights} from '../../../src/networks/import/import-weights.js';
import type {KnownNetwork} from '../../../src/networks/known.js';
import {storedWeights} from '../../../src/networks/store/stored-weights.js';
import {weightsFolder} from '../../../src/networks/store/weights-folder.js';
import {WeightsStore} from '../../../src/networks/store/weights-store.js';
import {fileWeights} from '../../../src/networks/weights/file.js';
import {withSafetensors} from '../../../src/networks/weights/safetensors.js';
import {asOrdinaryUser} from '../../ordinary-user.js';
import {systemError, watchFileSystem} from '../../storage/faults.js';
import {scratchFolder} from '../../storage/scratch.js';
import {originOf, plain, SMALL_WEIGHTS, smallNetwork, weightsFile} from '../import/small.js';

const network: KnownNetwork = smallNetwork();
const torchvision = originOf(network, 'torchvision');
const original = originOf(network, 'original');

async function filled(): Promise<WeightsStore> {
  const store = new WeightsStore(join(scratchFolder(), 'cache', 'weights'));
  await importWeights(network, weightsFile('zip.pth'), {store});
  return store;
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => new Error('was accepted'),
    (error: unknown) => error as Error,
  );

describe('the weights store', () => {
  test('keeps what was put in, with where it came from', async () => {
    const store = await filled();
    const stored = await store.find(network, torchvision);
    expect(stored).toEqual({
      network: 'small',
      origin: 'torchvision',
      path: join(store.folder, 'small-torchvision.safetensors'),
      bytes: statSync(store.path(network, torchvision)).size,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      from: 'zip.pth',
      checked: 'none',
    });
    const loaded = await store.load(network, torchvision);
    expect(loaded?.stored).toEqual(stored);
    expect(plain(loaded?.weights ?? new Map())).toEqual(SMALL_WEIGHTS);
    expect(await store.find(network, original)).toBeNull();
    expect(await store.load(network, original)).toBeNull();
    expect(readdirSync(store.folder)).toEqual(['small-torchvision.safetensors']);
  });

  test('its file is a weights file of its own kind, and names its tensors as the network does', async () => {
    const store = await filled();
    const path = store.path(network, torchvision);
    const {weights, origin} = await fileWeights(network, path);
    expect(origin).toBe(torchvision);
    expect(plain(weights)).toEqual(SMALL_WEIGHTS);
    await withSafetensors(path, async ({entries}) => {
      expect([...entries.keys()][0]).toBe('conv1_1.weight');
      expect(entries.size).toBe(6);
    });
  });

  test('a file that was changed, cut short or swapped is found damaged, with the command that helps', async () => {
    const store = await filled();
    const path = store.path(network, torchvision);
    const whole = readFileSync(path);
    const remedy = 'get them again: cv-loss models pull small --source torchvision --force';
    const refusal = async () => {
      const error = await refusalOf(store.load(network, torchvision));
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).not.toContain('\n');
      expect(error.message.endsWith(`; ${remedy}`)).toBe(true);
      return error.message;
    };
    const changed = Buffer.from(whole);
    changed.writeFloatLE(0.5, whole.length - 4);
    writeFileSync(path, changed);
    expect(await refusal()).toContain('the file is damaged: its weights have sha256 ');
    truncateSync(path, whole.length - 4);
    expect(await refusal()).toContain('cut short');
    writeFileSync(path, '');
    expect(await refusal()).toContain('no safetensors file');
    writeFileSync(path, readFileSync(weightsFile('torchvision.safetensors')));
    expect(await refusal()).toContain('it does not say that it holds these weights');
    expect((await refusalOf(store.find(network, torchvision))).message).toContain(remedy);
  });

  test('says which other weights there are instead', async () => {
    const store = await filled();
    const {stored} = await storedWeights(network, torchvision, store);
    expect(stored.origin).toBe('torchvision');
    expect((await refusalOf(storedWeights(network, original, store))).message).toBe(
      'network small: its weights (original) are not on this machine: cv-loss models pull small, or, from a file you have: cv-loss models import small FILE, or use those that are there: weights: torchvision',
    );
  });

  test('lies in the folder of the caches', () => {
    expect(weightsFolder({CV_LOSS_HOME: '/data/cv'})).toBe(join('/data/cv', 'weights'));
    expect(weightsFolder({XDG_CACHE_HOME: '/xdg'})).toBe(join('/xdg', 'cv-loss', 'weights'));
  });
});

describe('a store that cannot be written', () => {
  test.each([
    ['ENOSPC', 'handle.write', 'disk-full'],
    ['EROFS', 'open', 'read-only'],
    ['EACCES', 'mkdir', 'permission-denied'],
    ['EIO', 'handle.sync', 'write-failed'],
  ])('%s at %s: one line, and what was there stays', async (code, call, kind) => {
    const store = await filled();
    const before = readFileSync(store.path(network, torchvision));
    const other = call === 'mkdir' ? new WeightsStore(join(store.folder, 'deeper')) : store;
    const {release} = watchFileSystem((name) => {
      if (name === call) throw systemError(code);
    });
    const error = await refusalOf(importWeights(network, weightsFile('published.h5'), {store: other}));
    release();
    expect(error).toBeInstanceOf(RunError);
    expect((error as RunError).code).toBe(kind);
    expect(error.message).not.toContain('\n');
    if (kind !== 'write-failed') expect(error.message).toContain('CV_LOSS_HOME');
    expect(readFileSync(store.path(network, torchvision))).toEqual(before);
    expect(readdirSync(store.folder)).toEqual(['small-torchvision.safetensors']);
  });

  test('a file in the place of the folder', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'weights'), '');
    const store = new WeightsStore(join(folder, 'weights'));
    expect(await store.find(network, torchvision)).toBeNull();
    const error = await refusalOf(importWeights(network, weightsFile('zip.pth'), {store}));
    expect((error as RunError).code).toBe('not-a-folder');
  });
});

describe('importing', () => {
  test('the same weights again changes nothing; others need force', async () => {
    const store = await filled();
    const path = store.path(network, torchvision);
    const before = statSync(path).mtimeMs;
    const again = await importWeights(network, weightsFile('stream.pth'), {store});
    expect(again).toMatchObject({wasThere: true, stored: {from: 'zip.pth'}});
    expect(statSync(path).mtimeMs).toBe(before);
    const bytes = readFileSync(weightsFile('torchvision.safetensors'));
    // The last four bytes are of the classifier's or a convolution's tensor; the first value of the data is of one that counts.
    const mine = join(store.folder, 'mine.safetensors');
    const start = 8 + Number(bytes.readBigUInt64LE());
    const at = start + JSON.parse(bytes.toString('utf8', 8, start))['features.0.weight'].data_offsets[0];
    bytes.writeFloatLE(0.375, at);
    writeFileSync(mine, bytes);
    const refused = await refusalOf(importWeights(network, mine, {store}));
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused.message).toContain('small (torchvision) is stored already, with other weights');
    expect(refused.message).toContain('add --force to replace them');
    const replaced = await importWeights(network, mine, {store, force: true});
    expect(replaced).toMatchObject({wasThere: false, stored: {from: 'mine.safetensors', checked: 'none'}});
    expect((await store.load(network, torchvision))?.weights.get('conv1_1')?.kernel[0]).toBe(0.375);
  });

  test('a published file is known by its hash, also by the first digits of it', async () => {
    const known = (hex: string): KnownNetwork => {
      const [first, second] = network.origins;
      return {...network, origins: [first, {...(second as typeof first), alsoPublished: [{algorithm: 'sha256', hex}]}]};
    };
    const {createHash} = await import('node:crypto');
    const sha256 = createHash('sha256')
      .update(readFileSync(weightsFile('stream.pth')))
      .digest('hex');
    for (const hex of [sha256, sha256.slice(0, 8)]) {
      const store = new WeightsStore(scratchFolder());
      expect((await importWeights(known(hex), weightsFile('stream.pth'), {store})).stored.checked).toBe('published');
    }
    const store = new WeightsStore(scratchFolder());
    expect((await importWeights(known(sha256), weightsFile('zip.pth'), {store})).stored.checked).toBe('none');
  });

  test("a file of another machine's store keeps its provenance", async () => {
    const store = await filled();
    const stored = await store.save(
      network,
      original,
      (await fileWeights(network, weightsFile('published.h5'))).weights,
      {
        from: 'https://example.org/small.h5',
        checked: 'published',
      },
    );
    const there = new WeightsStore(scratchFolder());
    const {stored: copied} = await importWeights(network, stored.path, {store: there});
    expect(copied).toMatchObject({origin: 'original', sha256: stored.sha256, from: stored.from, checked: 'published'});
  });

  test('nothing is made where the file is refused', async () => {
    const folder = join(scratchFolder(), 'weights');
    await refusalOf(importWeights(network, weightsFile('float64.npz'), {store: new WeightsStore(folder)}));
    expect(existsSync(folder)).toBe(false);
  });

  test('a read-only folder', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'weights'));
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'weights'), 0o555);
    const store = new WeightsStore(join(folder, 'weights'));
    const error = await asOrdinaryUser(() => refusalOf(importWeights(network, weightsFile('zip.pth'), {store})));
    expect((error as RunError).code).toBe('permission-denied');
  });
});
