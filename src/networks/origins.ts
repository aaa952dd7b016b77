import type {NetworkDefinition, Preprocessing} from './graph.js';
import {CAFFE, CAFFE_VGG, TORCHVISION} from './preprocessing.js';
import {KERAS_VGG_LAYOUT, OWN_LAYOUT, type TensorLayout, torchvisionLayout} from './weights/layout.js';

const ORIGIN_IDS = ['original', 'torchvision'] as const;

/** Who trained a network's weights: its authors, or torchvision. */
export type OriginId = (typeof ORIGIN_IDS)[number];

/** Whether a text names an origin; what does not is a file. */
export function isOriginId(text: string): text is OriginId {
  return ORIGIN_IDS.some((id) => id === text);
}

/** Weights that somebody trained and published for a network: what they were trained for and how their files look. */
export interface WeightsOrigin {
  readonly id: OriginId;
  readonly preprocessing: Preprocessing;
  readonly layout: TensorLayout;
  /** What files of them are, for messages. */
  readonly fileOrigin: string;
  /** Whose they are and under what licence, in a line. */
  readonly provenance: string;
  /** Where they can be got; null for those that ship with the package. */
  readonly publication: Publication | null;
  /** Hashes of other files in which the same weights are published; the first digits where no more are. */
  readonly alsoPublished: readonly FileHash[];
}

/** A published file. */
export interface Publication {
  readonly url: string;
  /** Its name on a mirror: unique among all. */
  readonly file: string;
  /** Its length; null where it was not published. */
  readonly bytes: number | null;
  /** Of the whole file. */
  readonly hash: FileHash;
  /** Safetensors at an address that names a revision, so that the tensors needed can be fetched alone. */
  readonly ranges: boolean;
}

/** A hash of a file in hexadecimal, lower case. */
export interface FileHash {
  readonly algorithm: 'md5' | 'sha256';
  readonly hex: string;
}

/**
 * The authors' SqueezeNet 1.0, which ships with the package (weights/README.md).
 */
export const SQUEEZENET_ORIGINAL: WeightsOrigin = {
  id: 'original',
  preprocessing: CAFFE,
  layout: OWN_LAYOUT,
  fileOrigin: "the authors' squeezenet1_0 in safetensors, Caffe's names",
  provenance: "the authors' release; BSD-2-Clause",
  publication: null,
  alsoPublished: [],
};

const KERAS = 'https://storage.googleapis.com/tensorflow/keras-applications';

/**
 * The VGG authors' own weights, as Keras publishes them without the classifier. Address and md5, that of the file with the
 * classifier too: keras-team/keras, keras/src/applications/vgg16.py and vgg19.py (WEIGHTS_PATH_NO_TOP, file_hash); lengths:
 * what Keras prints as it downloads them. Licence: https://www.robots.ox.ac.uk/~vgg/research/very_deep/.
 */
export function vggOriginal(id: 'vgg16' | 'vgg19', bytes: number, md5: string, withClassifier: string): WeightsOrigin {
  const file = `${id}_weights_tf_dim_ordering_tf_kernels_notop.h5`;
  return {
    id: 'original',
    preprocessing: CAFFE_VGG,
    layout: KERAS_VGG_LAYOUT,
    fileOrigin: `the original ${id} as Keras has it`,
    provenance: "the VGG authors' Caffe weights, converted by Keras; Creative Commons Attribution",
    publication: {url: `${KERAS}/${id}/${file}`, file, bytes, hash: {algorithm: 'md5', hex: md5}, ranges: false},
    alsoPublished: [{algorithm: 'md5', hex: withClassifier}],
  };
}

/**
 * torchvision's VGG in safetensors: timm/vgg16.tv_in1k and timm/vgg19.tv_in1k on the Hugging Face hub ("original
 * torchvision weights"), at a fixed revision, whose convolutions keep torchvision's names. The sha256 is that of the
 * repository's Git LFS pointer. torchvision's own file (vgg19-dcbb9e9d.pth) holds the same; its name has the first digits of
 * its sha256, as torch.hub checks them.
 */
export function vggTorchvision(
  definition: NetworkDefinition,
  revision: string,
  sha256: string,
  stateDict: string,
): WeightsOrigin {
  const {id} = definition;
  const publication: Publication = {
    url: `https://huggingface.co/timm/${id}.tv_in1k/resolve/${revision}/model.safetensors`,
    file: `${id}.tv_in1k.safetensors`,
    bytes: null,
    hash: {algorithm: 'sha256', hex: sha256},
    ranges: true,
  };
  return torchvision(definition, publication, [{algorithm: 'sha256', hex: stateDict}]);
}

/**
 * torchvision's own file, a state dict of PyTorch. Address: pytorch/vision, torchvision/models (IMAGENET1K_V1); its name
 * holds the first eight digits of the sha256, which projects that pin the file give in full, with its length.
 */
export function torchvisionFile(
  definition: NetworkDefinition,
  file: string,
  bytes: number,
  sha256: string,
): WeightsOrigin {
  const publication: Publication = {
    url: `https://download.pytorch.org/models/${file}`,
    file,
    bytes,
    hash: {algorithm: 'sha256', hex: sha256},
    ranges: false,
  };
  return torchvision(definition, publication, []);
}

function torchvision(
  definition: NetworkDefinition,
  publication: Publication,
  alsoPublished: readonly FileHash[],
): WeightsOrigin {
  return {
    id: 'torchvision',
    preprocessing: TORCHVISION,
    layout: torchvisionLayout(definition),
    fileOrigin: `torchvision's ${definition.id}`,
    provenance: 'torchvision, IMAGENET1K_V1; BSD-3-Clause',
    publication,
    alsoPublished,
  };
}
