import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import * as licences from '../../scripts/licences.js';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Locked>>;
};
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const locked = Object.entries(lockfile.packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  test('pins every package by its hash, from the registry', () => {
    expect(lockfile.lockfileVersion).toBe(3);
    expect(locked.length).toBeGreaterThan(100);
    for (const [path, {version, integrity, resolved, link}] of locked) {
      expect({path, integrity}).toEqual({path, integrity: expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/)});
      expect(version, path).toMatch(/^\d+\.\d+\.\d+/);
      expect(link, path).toBeUndefined();
      if (resolved !== undefined) expect(resolved, path).toMatch(/^https:\/\/registry\.npmjs\.org\//);
    }
  });

  test('is of this package.json, whose ranges name no address and no folder', () => {
    const {dependencies, devDependencies, optionalDependencies, peerDependencies} = manifest;
    expect(lockfile.packages['']).toMatchObject({
      dependencies,
      devDependencies,
      optionalDependencies,
      peerDependencies,
    });
    const all = {...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies};
    for (const [name, range] of Object.entries(all)) expect(range, name).toMatch(/^(\^|>=)\d+\.\d+\.\d+$/);
  });

  test('brings two install scripts, which are optional, and one for development; none is run', () => {
    expect(locked.filter(([, {hasInstallScript}]) => hasInstallScript)).toEqual([
      ['node_modules/esbuild', expect.objectContaining({dev: true})],
      ['node_modules/msgpackr-extract', expect.objectContaining({optional: true})],
      ['node_modules/onnxruntime-node', expect.objectContaining({optional: true})],
    ]);
    expect(manifest.allowScripts).toEqual({'msgpackr-extract': false, 'onnxruntime-node': false, esbuild: false});
    for (const name of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts).not.toHaveProperty(name);
  });
});

test('docs/licences.md lists what an installation brings, under licences that allow it', () => {
  expect(readFileSync('docs/licences.md', 'utf8')).toBe(licences.licencesPage());
  const allowed = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Zlib|CC0-1\.0|LGPL-3\.0-or-later|Unlicense)$/;
  for (const {name, licence} of licences.installedPackages()) {
    for (const part of licence.split(/ AND | OR |[()]/).filter(Boolean)) expect(part, name).toMatch(allowed);
  }
});

/** What may be in the package, by pattern; the number of files for those that are listed by name. */
const CONTENTS = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  /^bin\/(cv-loss\.js|package\.json)$/,
  /^configs\/[a-z-]+\.yaml$/,
  /^dist\/(config|report)\.schema\.json$/,
  /^dist\/([a-z0-9-]+\/)*[a-z0-9-]+\.(js|d\.ts)$/,
  // Bundles: the program, the losses for browsers, and what every report.html holds.
  /^dist\/program\/[a-z0-9-]+-[A-Z0-9]{8}\.js$/,
  /^dist\/report\/html\/client\.css$/,
  /^weights\/(README\.md|LICENSE-squeezenet\.txt|squeezenet1_0-(calibration\.json|features\.safetensors))$/,
  /^weights\/(lpips|dists)\/(LICENSE\.txt|(vgg16|alexnet|squeezenet1_1)\.safetensors)$/,
];

test('npm pack takes the listed files, each compiled one with its source, and nothing of the workshop', () => {
  const printed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json', '--silent'], {
    encoding: 'utf8',
  });
  const [{files, unpackedSize}] = JSON.parse(printed) as [{files: {path: string}[]; unpackedSize: number}];
  const paths = files.map(({path}) => path);
  expect(paths.filter((path) => !CONTENTS.some((pattern) => pattern.test(path)))).toEqual([]);
  expect(CONTENTS.filter((pattern) => !paths.some((path) => pattern.test(path)))).toEqual([]);
  const bundled = /^dist\/(program\/|browser\/|report\/html\/client\.js$)/;
  const compiled = paths.filter((path) => /^dist\/.*\.js$/.test(path) && !bundled.test(path));
  const sources = compiled.map((path) => path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts'));
  expect(sources.filter((path) => !existsSync(path))).toEqual([]);
  expect(unpackedSize).toBeLessThan(9_000_000);
});

test('the release workflow publishes with provenance and a bill of materials, by actions pinned to commits', () => {
  const {jobs, permissions} = parse(readFileSync('.github/workflows/release.yml', 'utf8'));
  expect(permissions).toEqual({});
  const {steps, permissions: granted} = jobs.publish;
  expect(granted).toEqual({contents: 'write', 'id-token': 'write'});
  const runs: string[] = steps.map(({run}: {run?: string}) => run ?? '');
  expect(runs).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^npm publish .*--provenance/),
      expect.stringMatching(/^npm sbom .*--sbom-format cyclonedx .* > cv-loss\.cdx\.json$/m),
      expect.stringMatching(/^gh release create .* cv-loss\.cdx\.json$/),
    ]),
  );
  for (const {uses} of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
});
