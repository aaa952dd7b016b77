/** The copy of zod that checks configs: for the options of a loss of your own. */
export {z} from 'zod';
export {type CompareRequest, compareReports, type ReportComparison} from './compare.js';
export type {ConfigInput, LossInput} from './config/resolve.js';
export {RunError, SampleError, UsageError} from './errors.js';
export {type EvaluateOptions, type Evaluation, type EvaluationRun, evaluate} from './evaluate.js';
export {evaluateSeries, type SeriesEvaluation, type SeriesOptions} from './evaluate-series.js';
export type {View} from './kernels/view.js';
export {
  type Batch,
  type BatchCells,
  type Dataset,
  defineLoss,
  type FeatureComparison,
  type FeatureNetwork,
  type FeatureShape,
  type FeatureTerm,
  isTensorNetwork,
  type LossColumn,
  type LossColumns,
  type LossContext,
  type LossDescriptor,
  type LossInstance,
  type NetworkRequest,
  type OwnNetwork,
  type Reading,
  type SampleViews,
  type TensorLibrary,
  type TensorNetwork,
  type TensorProgram,
  type ViewOptions,
} from './losses/contract.js';
export {
  type AnyLossDescriptor,
  type DatasetLossDescriptor,
  type DatasetLossInstance,
  type DatasetProgram,
  type DatasetRow,
  defineDatasetLoss,
  type EmbeddingSet,
  isDatasetLoss,
  type NamedTuples,
  type ScoreSet,
  type VectorDataset,
} from './losses/dataset-contract.js';
export {datasetLosses} from './losses/dataset-registry.js';
export {type DifferenceFormula, differenceLoss, sumErrors, weightFeed} from './losses/pixel/difference.js';
export type {LossMap, MapTotals, PixelMap} from './losses/pixel-map.js';
export {losses} from './losses/registry.js';
export {
  cellOf,
  sumPerSample,
  type TensorLossParts,
  tensorLoss,
  weightedMean,
  weightedSums,
} from './losses/tensor-loss.js';
export {dataRange, pixelWeightRoles, toView, viewOptions} from './losses/view-options.js';
export {type MergeOptions, mergeShards} from './merge.js';
export type {Report} from './report/report.js';
export type {SeriesReport} from './report/series/series-report.js';
export type {Cell, Column, Row, Status, UndefinedValue} from './rows/row.js';
export type {ColumnSummary, Summary} from './rows/summary.js';
export {parseShard, type Shard} from './samples/shard.js';
export {
  type TripletCount,
  type TripletSink,
  type TripletsInput,
  type WriteTripletsOptions,
  writeTriplets,
} from './triplets.js';
export {version} from './version.js';
