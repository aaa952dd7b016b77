import type {TensorLibrary} from './device.js';

/** Backends that are starting, by name: two devices that start at once share one. */
const starting = new Map<string, Promise<unknown>>();

/**
 * tfjs on one of its backends, which starts now where it has not. tfjs has one current backend a process, whichever copy
 * of it a package brings: what is made through the library that comes back is made on this backend, whatever another
 * device set meanwhile. Throws what the backend throws when it does not start.
 */
export async function onBackend(tf: TensorLibrary, name: string): Promise<TensorLibrary> {
  if (!starting.has(name)) {
    const started = startBackend(tf, name).finally(() => starting.delete(name));
    starting.set(name, started);
  }
  await starting.get(name);
  // For what asks tfjs itself, such as its converter.
  makeCurrent(tf, name);
  return new Proxy({} as TensorLibrary, {
    get(_, property) {
      // What is awaited is asked whether it is a promise.
      if (property === 'then') return undefined;
      makeCurrent(tf, name);
      return Reflect.get(tf, property);
    },
  });
}

/** tfjs's own way to start one makes it the current one before it is there, and others could not compute meanwhile. */
async function startBackend(tf: TensorLibrary, name: string): Promise<void> {
  const {registry} = tf.engine();
  if (registry[name]) return;
  const factory = tf.findBackendFactory(name);
  if (!factory) throw new Error(`there is no backend ${name}`);
  registry[name] = await factory();
}

/** One that has started is set at once, though tfjs answers with a promise. */
function makeCurrent(tf: TensorLibrary, name: string): void {
  if (tf.getBackend() === name) return;
  if (!tf.engine().registry[name]) throw new Error(`the backend ${name} is closed`);
  void tf.setBackend(name);
}
