export {firstFree} from './memory';
export {ssimF64, ssimU8, ssimU16, ssimWorkspace} from './ssim';
