/** As much of the WebGPU interface as is used here. Reference: W3C, WebGPU. */
export interface Gpu {
  requestAdapter(options?: {readonly powerPreference?: 'high-performance'}): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
    readonly maxComputeInvocationsPerWorkgroup: number;
  };
  readonly info: {
    readonly vendor: string;
    readonly device: string;
    readonly description: string;
    /** Whether it is software. */
    readonly isFallbackAdapter?: boolean;
  };
}

export interface GpuDevice {
  readonly lost: Promise<{readonly message: string}>;
  addEventListener(type: 'uncapturederror', listener: (event: {readonly error: GpuError}) => void): void;
  pushErrorScope(filter: 'validation' | 'out-of-memory' | 'internal'): void;
  popErrorScope(): Promise<GpuError | null>;
  destroy(): void;
}

interface GpuError {
  readonly message: string;
}

/** What WebGPU promises of every adapter that is not in compatibility mode, and tfjs counts on. */
const NEEDED = {maxStorageBufferBindingSize: 128 * 2 ** 20, maxComputeInvocationsPerWorkgroup: 256} as const;

/** What an adapter lacks, in words; null for one that will do. */
export function adapterProblem({limits}: GpuAdapter): string | null {
  for (const [name, needed] of Object.entries(NEEDED) as [keyof typeof NEEDED, number][]) {
    if (limits[name] < needed) return `its ${name} is ${limits[name]}, at least ${needed} is needed`;
  }
  return null;
}

/** The name that its driver gives an adapter. */
export function adapterName({info}: GpuAdapter): string {
  const {description, device, vendor} = info;
  return description || device || vendor || 'an adapter without a name';
}

/** Names of software adapters, for drivers that do not say that they are. */
const SOFTWARE = /llvmpipe|lavapipe|swiftshader|software|Microsoft Basic Render/i;

/** Whether the processor does the work. */
export function isSoftware(adapter: GpuAdapter): boolean {
  return adapter.info.isFallbackAdapter === true || SOFTWARE.test(adapterName(adapter));
}
