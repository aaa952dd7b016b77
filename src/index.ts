/** The copy of zod that checks configs: for the options of a loss of your own. */
export {z} from 'zod';
export {type CompareRequest, compareReports, type LimitInput, type ReportComparison} from './compare.js';
export type {ConfigInput, ConfigRequest, LossInput} from './config/resolve.js';
export {RunError, SampleError, UsageError} from './errors.js';
export {type EvaluateOptions, type Evaluation, type EvaluationRun, evaluate} from './evaluate.js';
export {evaluateSeries, type SeriesEvaluation, type SeriesOptions} from './evaluate-series.js';
export type {Comparison} from './gate/compare.js';
export type {GateLevel} from './gate/rule.js';
export type {PixelData, View} from './kernels/view.js';
export {
  type BatchCells,
  type ClassName,
  type Dataset,
  type DefinedLoss,
  defineLoss,
  type LossColumn,
  type LossColumns,
  type LossContext,
  type LossDescriptor,
  type LossFacts,
  type LossInstance,
  type TensorLibrary,
  type TensorProgram,
} from './losses/contract.js';
export {
  type AnyLossDescriptor,
  type DatasetLossDescriptor,
  type DatasetLossInstance,
  type DatasetProgram,
  type DatasetRow,
  type DefinedDatasetLoss,
  defineDatasetLoss,
  type EmbeddingSet,
  isDatasetLoss,
  type NamedTuples,
  type ScoreSet,
  type VectorDataset,
} from './losses/dataset-contract.js';
export {datasetLosses} from './losses/dataset-registry.js';
export {
  type DistsStatistic,
  type FeatureComparison,
  type FeatureNetwork,
  type FeaturePair,
  type FeatureShape,
  type FeatureTerm,
  isTensorNetwork,
  type LpipsStatistic,
  type NetworkRequest,
  type OwnNetwork,
  type TensorNetwork,
} from './losses/network-contract.js';
export {
  type DifferenceFormula,
  differenceLoss,
  type FusedError,
  sumErrors,
  weightFeed,
} from './losses/pixel/difference.js';
export type {LossMap, MapTotals, PixelMap} from './losses/pixel-map.js';
export {losses} from './losses/registry.js';
export type {Batch, Reading, SampleViews, ViewOptions} from './losses/sample-contract.js';
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
export type {LearntWeights, PretrainedNetwork} from './networks/pretrained.js';
export {type NetworkChoice, openNetwork} from './open-network.js';
export type {FormatName} from './report/formats.js';
export type {Report} from './report/report.js';
export type {SeriesColumn, SeriesReport, SeriesSet} from './report/series/series-report.js';
export type {Cell, Column, Direction, Row, Status, UndefinedValue} from './rows/row.js';
export type {ColumnSummary, Summary} from './rows/summary.js';
export type {ResumeMode} from './run/journal/run-journal.js';
export type {ImageWatch} from './run/model-images.js';
export type {StageSeconds} from './run/profile.js';
export type {CacheLookups} from './run/run-cache.js';
export {parseShard, type Shard} from './samples/shard.js';
export {
  type TripletCount,
  type TripletSink,
  type TripletsInput,
  type WriteTripletsOptions,
  writeTriplets,
} from './triplets.js';
export type {Keep, Strategy, TripletMeasure} from './tuples/mining/strategy.js';
export {version} from './version.js';
