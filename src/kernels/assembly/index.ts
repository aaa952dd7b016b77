export {halveU16, halveU8, halveWorkspace} from './halve';
export {firstFree} from './memory';
export {ssimF64, ssimU8, ssimU16, ssimWorkspace} from './ssim';
export {
  addDifferencesF64,
  addDifferencesU16,
  addDifferencesU8,
  countDifferencesU16,
  countDifferencesU8,
} from './differences';
export {
  addRootVariationF64,
  addRootVariationU16,
  addRootVariationU8,
  addVariationF64,
  addVariationU16,
  addVariationU8,
} from './variation';
export {gradientSimilarity, halveLevels} from './gradients';
export {unfilter} from './unfilter';
