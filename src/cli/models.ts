import {Command} from 'commander';
import type {InventoryItem} from '../networks/store/inventory.js';
import {allOrigins, chooseOrigin, sourceOption} from './models-choice.js';
import {pullCommand} from './models-pull.js';
import {verifyCommand} from './models-verify.js';
import {print} from './streams.js';

/** `cv-loss models`: the networks' weights on this machine. */
export function modelsCommand(): Command {
  const command = new Command('models')
    .description('the weights of networks: list, pull, import, verify, path')
    .addHelpText('after', EXAMPLES);
  for (const sub of [listCommand(), pullCommand(), importCommand(), verifyCommand(), pathCommand()])
    command.addCommand(sub);
  return command;
}

const EXAMPLES = `
squeezenet1_0, the default network, comes with its weights. Those of the others are downloaded by \`models pull\`, and by
nothing else, or taken from a file by \`models import\`; they lie in the folder that \`models list\` names.

Examples:
  cv-loss models list
  cv-loss models pull vgg19                                 the VGG authors' weights
  cv-loss models pull vgg19 --source torchvision            torchvision's
  cv-loss models import vgg16 ~/.cache/torch/hub/checkpoints/vgg16-397923af.pth
  CV_LOSS_MIRROR=https://files.example/weights cv-loss models pull alexnet`;

function listCommand(): Command {
  return new Command('list')
    .description('the networks, their weights, and which are on this machine')
    .option('--json', 'print JSON')
    .action(async ({json}: {json?: boolean}) => {
      const {WeightsStore} = await import('../networks/store/weights-store.js');
      const {inventoryItem} = await import('../networks/store/inventory.js');
      const {listModels, modelsJson} = await import('./models-text.js');
      const store = new WeightsStore();
      const items: InventoryItem[] = [];
      for (const [network, origin] of await allOrigins([])) items.push(await inventoryItem(network, origin, store));
      print(json ? modelsJson(items, store.folder) : listModels(items, store.folder));
    });
}

function importCommand(): Command {
  return new Command('import')
    .description("take weights from a file: safetensors, PyTorch's .pth, Keras' .h5, tfjs' model.json, NPZ")
    .argument('<network>', 'such as vgg19')
    .argument('<file>', 'its layout says whose weights they are: torchvision names, or those of Keras')
    .option('--force', 'replace other weights that are stored already')
    .action(async (name: string, file: string, {force}: {force?: boolean}) => {
      const {knownNetwork} = await import('../networks/known.js');
      const {WeightsStore} = await import('../networks/store/weights-store.js');
      const {importWeights} = await import('../networks/import/import-weights.js');
      const {storedText} = await import('./models-text.js');
      print(storedText(await importWeights(knownNetwork(name), file, {store: new WeightsStore(), force}), 'imported'));
    });
}

function pathCommand(): Command {
  return new Command('path')
    .description("print where a network's weights lie")
    .argument('<network>', 'such as vgg19')
    .addOption(sourceOption())
    .action(async (name: string, {source}: {source?: string}) => {
      const [network, origin] = await chooseOrigin(name, source);
      const {WeightsStore} = await import('../networks/store/weights-store.js');
      const {storedWeights} = await import('../networks/store/stored-weights.js');
      const {bundledPath} = await import('../networks/weights/bundled.js');
      if (origin.publication === null) print(bundledPath(network));
      else print((await storedWeights(network, origin, new WeightsStore())).stored.path);
    });
}
