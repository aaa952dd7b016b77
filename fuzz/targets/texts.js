import {copyFileSync} from 'node:fs';
import {join} from 'node:path';
import {resolveConfig} from '../../dist/config/resolve.js';
import {parseManifest} from '../../dist/samples/manifest-rows.js';
import {readManifestText} from '../../dist/samples/manifest-text.js';
import {readLabels} from '../../dist/vectors/labels.js';
import {readScores} from '../../dist/vectors/scores.js';
import {filesOf} from './files.js';

const FLAGS = {inputs: {pred: 'out', target: 'truth'}};
const KEYS = Array.from({length: 60}, (_, i) => String(i));
const never = new AbortController().signal;

/** Reads the input under another name: formats of text are told by it. */
function named(name, read) {
  return (_bytes, {path, folder}) => {
    const file = join(folder, name);
    copyFileSync(path, file);
    return read(file, folder);
  };
}

// A plugin in a config is code, which is loaded: the fuzzer must not run what it made up.
const config = (name) =>
  named(name, async (file, cwd) =>
    resolveConfig({file, cwd, flags: FLAGS, defaultReportDir: null}).catch(withoutPath(cwd)),
  );

const withoutPath = (folder) => (error) => {
  error.message = error.message?.replaceAll(folder, '');
  throw error;
};

const manifest = (name) => named(name, async (path) => parseManifest(await readManifestText({path}), () => undefined));

export const texts = {
  config: {
    seeds: () => [...filesOf('configs', /\.yaml$/), ...filesOf('fixtures/fuzz', /^config.*\.yaml$/)],
    attempt: config('cv-loss.yaml'),
  },
  'config-json': {seeds: () => filesOf('fixtures/fuzz', /^config.*\.json$/), attempt: config('cv-loss.json')},
  'manifest-csv': {seeds: () => filesOf('fixtures/fuzz', /^manifest.*\.csv$/), attempt: manifest('pairs.csv')},
  'manifest-jsonl': {seeds: () => filesOf('fixtures/fuzz', /^manifest.*\.jsonl$/), attempt: manifest('pairs.jsonl')},
  labels: {
    seeds: () => filesOf('fixtures/embeddings', /^labels\.csv$/),
    attempt: named('labels.csv', (path) =>
      readLabels({path, name: 'labels.csv'}, {file: {path, name: 'vectors.npy'}, keys: KEYS, by: 'index'}, never),
    ),
  },
  scores: {
    seeds: () => filesOf('fixtures/embeddings', /^scores.*\.csv$/),
    attempt: named('scores.csv', (path) => readScores({path, name: 'scores.csv'}, 'logits', never)),
  },
};
