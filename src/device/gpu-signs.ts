import {readdirSync} from 'node:fs';

/** Variables that name the drivers of Vulkan: who sets one wants it tried. */
const VULKAN = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'] as const;

/** What the kernel calls a GPU of NVIDIA, on Linux itself and in the Linux subsystem of Windows. */
const NVIDIA = /^(nvidia\d+|dxg)$/;

/**
 * Whether there may be a GPU of NVIDIA: on Linux, a node of its driver's, unless the variable that names them is set.
 * TensorFlow's build for CUDA takes seconds to load, and prints about what it does not find.
 */
export function mayHaveCuda(): boolean {
  const {CUDA_VISIBLE_DEVICES: visible} = process.env;
  if (process.platform !== 'linux') return true;
  if (visible !== undefined) return visible !== '' && !visible.startsWith('-');
  return names('/dev').some((name) => NVIDIA.test(name));
}

/**
 * Whether there may be a GPU: on Linux, a node of the kernel's for one, or a driver that a variable names. Looking for one
 * in earnest takes Dawn a while, and it prints about what it does not find.
 */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux' || VULKAN.some((name) => process.env[name])) return true;
  const isRenderer = names('/dev/dri').some((name) => name.startsWith('renderD'));
  return isRenderer || names('/dev').some((name) => NVIDIA.test(name));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
