const six = ['mse', 'mae', 'psnr', 'ssim', 'ms-ssim', 'total-variation'];
const three = ['mse', 'mae', 'psnr'];
const two = ['psnr', 'ssim'];

/** The main questions, in a few minutes. A case is one table: who takes part follows from what each can do. */
const quick = [
  {losses: six, side: 512, pairs: 24, form: 'process'},
  {losses: six, side: 512, pairs: 24, form: 'steady'},
  {losses: three, side: 512, pairs: 24, form: 'process'},
  {losses: three, side: 512, pairs: 240, form: 'steady', only: ['cv-loss', 'decode']},
  {losses: two, side: 512, pairs: 24, form: 'process', without: ['piq', 'torchmetrics', 'monai', 'skimage']},
  {losses: two, side: 512, pairs: 240, form: 'process', only: ['cv-loss', 'decode', 'ffmpeg']},
  {losses: six, side: 512, pairs: 240, form: 'process', cores: true},
];

/** More pictures, other sizes, numbers of workers, and the peers that are slow. */
const full = [
  ...quick,
  {losses: three, side: 512, pairs: 24, form: 'steady'},
  {losses: two, side: 512, pairs: 24, form: 'steady'},
  {losses: six, side: 512, pairs: 240, form: 'steady'},
  {losses: six, side: 512, pairs: 2400, form: 'process', only: ['cv-loss', 'decode']},
  ...[256, 1024, 2048, 4096].map((side) => ({
    losses: six,
    side,
    pairs: side > 1024 ? 4 : 24,
    form: 'steady',
    only: ['cv-loss', 'decode', 'piq', 'torchmetrics'],
  })),
];

/** The cases of a profile. */
export const profiles = {quick, full};

/** Whether the case leaves room for a contender. */
export function takesPart({only, without = []}, {name}) {
  const named = (names) => names.some((part) => name.startsWith(part));
  return (only === undefined || named(only)) && !named(without);
}
