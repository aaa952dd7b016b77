import {InvalidArgumentError} from 'commander';

/** The items of a flag that takes several, with commas between them. */
export function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A whole number of at most six digits. Throws InvalidArgumentError. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 0 to 999999.');
  return Number(value);
}

/** The same from 1. */
export function positiveInteger(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('Expected at least 1.');
  return number;
}

/** Samples of a gallery: 0 to 100. Throws InvalidArgumentError. */
export function galleryCount(value: string): number {
  const number = wholeNumber(value);
  if (number > 100) throw new InvalidArgumentError('Expected 0 to 100.');
  return number;
}
