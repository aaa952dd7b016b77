import type {TensorLibrary} from './device.js';

/** A tensor library that is loaded when a tensor is first needed. */
export interface DeferredLibrary {
  /** What it exports, once `ready` was awaited; before, taking anything from it throws TypeError. */
  readonly tf: TensorLibrary;
  /** Loads it, once; throws what loading throws. */
  ready(): Promise<void>;
}

/** Stands for a tensor library that takes long to load: losses keep it, and many never use it. */
export function deferLibrary(load: () => Promise<TensorLibrary>): DeferredLibrary {
  let loading: Promise<void> | undefined;
  let loaded: TensorLibrary | null = null;
  const tf = new Proxy({} as TensorLibrary, {
    get(_, name) {
      if (loaded) return Reflect.get(loaded, name);
      // What is awaited is asked whether it is a promise.
      if (name === 'then') return undefined;
      throw new TypeError(`the tensor library is not loaded, and its ${String(name)} was asked for`);
    },
  });
  return {
    tf,
    ready() {
      loading ??= load().then((library) => {
        loaded = library;
      });
      return loading;
    },
  };
}
