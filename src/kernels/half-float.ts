/** IEEE 754 half precision, as its bits, to numbers; exact. */
export function fromHalfFloats(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] as number;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Infinity
            : Number.NaN
          : (1024 + fraction) * 2 ** (exponent - 25);
    out[i] = half >> 15 ? -magnitude : magnitude;
  }
  return out;
}

/** Numbers to the bits of the nearest half, ties to even; from 65520 on infinite. */
export function toHalfFloats(values: ArrayLike<number>): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = halfOf(values[i] as number);
  return out;
}

function halfOf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65_520) return sign | 0x7c00;
  // The power of two at or below it; subnormals share that of the smallest normal.
  const exponent = Math.max(-14, magnitude === 0 ? -14 : exponentOf(magnitude));
  const steps = roundHalfEven(magnitude * 2 ** (10 - exponent));
  // Steps that round up to 2048 carry into the exponent by themselves.
  return sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

function exponentOf(magnitude: number): number {
  const guess = Math.floor(Math.log2(magnitude));
  if (2 ** guess > magnitude) return guess - 1;
  return 2 ** (guess + 1) <= magnitude ? guess + 1 : guess;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor;
  return floor % 2 === 0 ? floor : floor + 1;
}
