import {Option} from 'commander';

/** `--plugin <file>`, which repeats: modules whose losses join the built-in ones. */
export function pluginOption(): Option {
  return new Option('--plugin <file>', 'a module with losses of your own, which is run; repeats').argParser(
    (file: string, before: readonly string[] = []) => [...before, file],
  );
}
