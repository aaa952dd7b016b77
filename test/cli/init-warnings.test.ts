import {cpSync, mkdirSync} from 'node:fs';
import {afterAll, describe, expect, test} from 'vitest';
import {flat, noise} from './pixels.js';
import {fixture, type Pixels, Workspace} from './workspace.js';

const cleanUps: (() => void)[] = [];
afterAll(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

/** A working directory of its own. */
function workspace(): Workspace {
  return new Workspace((cleanUp) => cleanUps.push(cleanUp));
}

describe.concurrent('what it says of files that do not simply pair', () => {
  /** Sides of images by name. */
  async function write(work: Workspace, images: Readonly<Record<string, Pixels>>): Promise<void> {
    for (const [name, image] of Object.entries(images)) await work.image(name, image);
  }

  test('sizes by a factor', async () => {
    const work = workspace();
    await write(work, {'out/a.png': noise(1, 20, 30), 'gt/a.png': noise(2, 80, 120)});
    const {code, stderr} = await work.run(['init', '--yes']);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'target is 4 times as wide and high as pred: these samples fail unless image.size says what to do\n',
    );
    expect(await work.run(['eval', '--quiet'])).toMatchObject({code: 3});
    work.write('cv-loss.yaml', work.read('cv-loss.yaml').replace(/^#(image:.*)\n {2}#(size:.*)/m, '$1\n  $2'));
    expect(await work.run(['eval', '--quiet'])).toMatchObject({code: 0});
  });

  test('sizes by a border', async () => {
    const work = workspace();
    await write(work, {'out/a.png': noise(1, 20, 30), 'gt/a.png': noise(2, 28, 38)});
    const {stderr} = await work.run(['init', '--yes']);
    expect(stderr).toContain('target has 8 more columns and 8 more rows than pred: ');
    expect(work.read('cv-loss.yaml')).toContain('  #size: crop #');
  });

  test('files without a partner', async () => {
    const work = workspace();
    await write(work, {
      'out/a.png': flat(1, 20, 20),
      'out/b.png': flat(2, 20, 20),
      'gt/a.png': flat(3, 20, 20),
      'gt/c.png': flat(4, 20, 20),
    });
    const {code, stderr} = await work.run(['init', '--yes']);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^pred: out, 2 files, .*\ntarget: gt, 2 files, .*\npairs: 1, by name; 2 without a partner \(b, c\)\n/,
    );
    expect(await work.run(['eval', '--quiet'])).toMatchObject({code: 2});
    work.write('cv-loss.yaml', work.read('cv-loss.yaml').replace('#allow_missing', 'allow_missing'));
    expect(await work.run(['eval', '--quiet'])).toMatchObject({code: 0});
  });

  test('files that cannot be read, and pages', async () => {
    const work = workspace();
    await write(work, {'out/a.png': noise(1, 5, 7), 'out/b.png': noise(1, 5, 7), 'gt/a.png': noise(1, 5, 7)});
    work.write('gt/b.png', 'no image');
    cpSync(fixture('images/tiff/pages.tif'), work.path('gt/c.tif'));
    cpSync(fixture('images/tiff/pages.tif'), work.path('out/c.tif'));
    const {code, stderr} = await work.run(['init', '--yes']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/1 of 3 files of target cannot be read: .*b\.png: its content is text/);
    expect(stderr).toContain('some files have several pages: they fail unless image.page names one\n');
    expect(work.read('cv-loss.yaml')).toContain('  #page: 0 #');
  });

  test('an alpha that is not opaque', async () => {
    const work = workspace();
    for (const side of ['out', 'gt']) {
      mkdirSync(work.path(side));
      cpSync(fixture('images/png/rgba-8.png'), work.path(side, 'a.png'));
    }
    const {stderr} = await work.run(['init', '--yes']);
    expect(stderr).toContain('8-bit RGB with alpha');
    expect(stderr).toContain('some images are partly transparent: see image.alpha\n');
  });
});
