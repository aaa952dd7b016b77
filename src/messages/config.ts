import type {Messages} from './message.js';

/** The config: the file, what is in it, and what its losses make of it. */
export const config = {
  'CVL-C001': {
    title: 'the config cannot be read',
    cause: 'There is no file of that name, it is a directory, or this user may not read it.',
    remedy: 'Check `--config`; its path is relative to the working directory, `-` is standard input.',
  },
  'CVL-C002': {
    title: 'the config is no YAML or JSON that can be read',
    cause:
      'The text is malformed, empty, no map, not UTF-8, or larger than a config is (1 MiB, deep nesting, aliases that multiply).',
    remedy:
      'The line has file:line:column. `cv-loss init` writes a config to begin with; a `.json` file has no comments.',
  },
  'CVL-C003': {
    title: 'two configs lie in one folder',
    cause: 'Without `--config`, `cv-loss.yaml`, `cv-loss.yml` or `cv-loss.json` is used, and there is more than one.',
    remedy: 'Remove one, or name the one that is meant: `--config cv-loss.yaml`.',
  },
  'CVL-C004': {
    title: 'unknown key',
    cause:
      'The config has no such key at that place: often a typing mistake, an option of another loss, or wrong indentation.',
    remedy:
      '`cv-loss losses ID` lists the options of a loss, `cv-loss schema > cv-loss.schema.json` gives an editor all keys.',
  },
  'CVL-C005': {
    title: 'a value of another kind, or out of its bounds',
    cause: 'The value is none of the choices, of another type, or too small or large.',
    remedy: 'The line says what was expected and what came; in YAML, text such as `no`, `1e3` or `#fff` needs quotes.',
  },
  'CVL-C006': {
    title: 'a key is missing',
    cause: 'A map lacks a key that it cannot do without, such as the `type` of a loss.',
    remedy: 'Add the key that the line names.',
  },
  'CVL-C007': {
    title: 'a key is there twice',
    cause: 'YAML would let the second one win silently; here it is refused.',
    remedy: 'Remove one of the two; the line says where the other is.',
  },
  'CVL-C008': {
    title: '--set does not fit the config',
    cause: 'A setting is `path=value`, and its path must lead to a key: losses go by their id or their place, from 0.',
    remedy: 'Write `--set losses.ssim.weight=0.5` or `--set image.size=crop`.',
  },
  'CVL-C009': {
    title: 'a preset beside losses',
    cause: 'A preset is a list of losses, and the losses that were written too would replace it.',
    remedy: 'Remove `preset` or `losses`.',
  },
  'CVL-C010': {
    title: 'unknown loss',
    cause: 'No built-in loss and none of a named plugin is called that.',
    remedy: '`cv-loss losses` lists them; a loss of your own comes with `--plugin FILE` or `plugins` in the config.',
  },
  'CVL-C011': {
    title: 'two losses have one id',
    cause: 'Columns are named by the id, which is the type unless it is said.',
    remedy: 'Give one of them another `id`: `{type: perceptual, id: deep}`.',
  },
  'CVL-C012': {
    title: 'a key or loss that the task has no use for',
    cause: 'Each task (photo, mask, embedding, adversarial, cycle) reads its own inputs and computes its own losses.',
    remedy: 'Say the task that is meant (`--task`), or remove the key; `cv-loss losses` lists the losses of each task.',
  },
  'CVL-C013': {
    title: 'the task lacks its data',
    cause: 'Task embedding reads `embeddings`, task adversarial reads `scores`, and a loss may need two sets of them.',
    remedy: 'Give `--embeddings FILE --labels FILE`, or `--real FILE --fake FILE`.',
  },
  'CVL-C014': {
    title: 'classes or palette contradict themselves',
    cause: 'Both are given, there are fewer than two classes, or two of them share an id, a name or a colour.',
    remedy: 'Give one of `classes` and `palette`, with different ids, names and colours.',
  },
  'CVL-C015': {
    title: 'a config that was found names plugins',
    cause: 'Plugins are code. A `cv-loss.yaml` that merely lies in the folder may not run any.',
    remedy: 'Name the config (`--config cv-loss.yaml`), or the plugin (`--plugin FILE`).',
  },
  'CVL-C016': {
    title: 'a plugin cannot be used',
    cause: 'Its file is missing, throws, has another SHA-256 than the config says, or exports no loss that fits.',
    remedy: 'Export what `defineLoss` gives, or a list of such, as default; the guide is in CONTRIBUTING.md.',
  },
  'CVL-C017': {
    title: "a plugin's loss cannot start",
    cause: 'Its `create`, `prepare`, `better` or `objective` threw, or gave something of another form.',
    remedy: 'The line names the function and what it did; `create` must give `columns` and `perSample`.',
  },
  'CVL-C018': {
    title: 'an input that no loss reads',
    cause: 'A role (`--input role=path`, a column of a manifest) is named that none of the configured losses reads.',
    remedy: 'Correct the name of the role, remove it, or add a loss that reads it; the line lists both.',
  },
  'CVL-C019': {
    title: 'an input is missing',
    cause: 'A loss reads a role, such as `pred`, `target` or `style`, that nothing supplies.',
    remedy: 'Give `--pred PATH`, `--target PATH` or `--input role=PATH`, or a column of a manifest.',
  },
  'CVL-C020': {
    title: 'options of a loss that contradict each other or the run',
    cause: 'Each is valid alone, and together, or with these classes or this network, they have no meaning.',
    remedy: 'The line says which to change; `cv-loss losses ID` explains the options of the loss.',
  },
  'CVL-C021': {
    title: 'heat maps that cannot be drawn',
    cause:
      'None of the losses has a value at a pixel, or the run is a shard, which does not know the worst samples of all.',
    remedy: 'Add a loss such as mse or ssim, or score without `--shard`; else leave out `--heatmaps`.',
  },
  'CVL-C022': {
    title: 'CV_LOSS_CACHE_SIZE is no size',
    cause: 'The environment variable holds something else than a number with K, M or G.',
    remedy: 'Set it to a size such as `500M` or `2G`, to `0` for no cache, or unset it.',
  },
  'CVL-C023': {
    title: 'unknown report format',
    cause: 'No such format is written.',
    remedy: '`--report-format` takes names such as csv,json,html; `cv-loss help eval` lists them.',
  },
  'CVL-C024': {
    title: 'standard input is read twice',
    cause: 'Both the config (`--config -`) and the manifest (`--pairs -`) are to come from standard input.',
    remedy: 'Save one of them as a file.',
  },
  'CVL-C025': {
    title: 'two generators do not fit together',
    cause: 'An image goes there and back, so both models must take the same size, and the losses the same range.',
    remedy: 'Say `size` for both generators, and give all losses the same `range`.',
  },
  'CVL-C026': {
    title: 'a network has no such layer',
    cause:
      'Layers are named as in the papers (`relu2_2`, `fire2`); a model of your own has the names of its outputs and nodes.',
    remedy: 'Take one of the names that the line lists.',
  },
  'CVL-C027': {
    title: 'a weight on a loss without a total',
    cause: 'Weighted losses are added up, and this one has no form that is lower when better and finite.',
    remedy: 'Remove its `weight`; the loss is reported all the same.',
  },
  'CVL-C028': {
    title: 'keys that need, or exclude, another key',
    cause: 'A key has a meaning only beside another one, or the two say the same thing twice.',
    remedy: 'Give the key that the line names, or remove the other.',
  },
} satisfies Messages;
