import {firstLine} from '../device/first-line.js';
import type {Format} from '../images/format.js';
import type {Raster} from '../images/raster.js';
import type {Finding} from './check.js';
import {INSTALL_SHARP} from './image-library.js';
import {SAMPLE_COLOURS, SAMPLES} from './samples.js';

/** What JPEG and AVIF may change. */
const TOLERANCE = 4;

const OPTIONS = {
  color: 'auto',
  alpha: 'error',
  orient: true,
  icc: 'ignore',
  page: null,
  maxPixels: 1000,
  palette: null,
} as const;

/** Whether a sample of every supported format decodes to the picture it holds. */
export async function checkFormats(): Promise<Finding> {
  const {decodeImage} = await import('../images/decode.js');
  const wrong: Record<string, string> = {};
  for (const [format, base64] of Object.entries(SAMPLES)) {
    try {
      const raster = await decodeImage(Buffer.from(base64, 'base64'), format, 'pixels', OPTIONS);
      if (!isThePicture(raster)) wrong[format] = 'decodes to other pixels';
    } catch (error) {
      wrong[format] = firstLine(error);
    }
  }
  return finding(Object.keys(SAMPLES) as Format[], wrong);
}

function finding(formats: readonly Format[], wrong: Readonly<Record<string, string>>): Finding {
  const facts = Object.fromEntries(formats.map((format) => [format, wrong[format] ?? 'ok']));
  const broken = Object.keys(wrong);
  if (broken.length === 0) return {status: 'ok', detail: `${formats.join(', ')}: a sample of each decodes`, facts};
  const [reason] = Object.values(wrong);
  const detail = `${broken.join(', ')} ${broken.length === 1 ? 'does' : 'do'} not decode: ${reason}`;
  return {status: 'problem', detail, remedy: INSTALL_SHARP, facts};
}

function isThePicture({data, width, height, channels}: Raster): boolean {
  if (width !== 4 || height !== 2 || channels !== 3) return false;
  return data.every((value, i) => {
    const expected = SAMPLE_COLOURS[Math.floor(i / 3) % 4 < 2 ? 0 : 1][i % 3] as number;
    return Math.abs(value - expected) <= TOLERANCE;
  });
}
