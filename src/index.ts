export type {ConfigInput, LossInput} from './config/resolve.js';
export {RunError, SampleError, UsageError} from './errors.js';
export {type EvaluateOptions, type Evaluation, evaluate} from './evaluate.js';
export type {
  Batch,
  LossColumn,
  LossContext,
  LossDescriptor,
  LossInstance,
  Reading,
  SampleViews,
  ViewOptions,
} from './losses/contract.js';
export {losses} from './losses/registry.js';
export type {Report} from './report/report.js';
export type {Cell, Column, Row, Status, UndefinedValue} from './rows/row.js';
export type {ColumnSummary, Summary} from './rows/summary.js';
export {version} from './version.js';
