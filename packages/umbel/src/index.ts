/**
 * Celery for the edge: declare tasks, send calls, compose canvases, await results.
 *
 * Brokers, backends, the worker and beat are subpaths of their own, so that a bundle takes only what it uses.
 *
 * ```ts
 * import { chain, Umbel } from "umbel";
 * import { qstash } from "umbel/qstash";
 * import { upstash } from "umbel/upstash";
 *
 * const app = new Umbel("shop", { broker: qstash(), backend: upstash() });
 * const add = app.task("shop.add", (x: number, y: number) => x + y);
 * const result = await chain(add.s(2, 2), add.s(4)).delay();
 * console.log(await result.get()); // 8
 * ```
 *
 * @module
 */

export {
  AsyncResult,
  chain,
  children,
  chord,
  chunks,
  collect,
  configFrom,
  consoleSink,
  formatRecord,
  getLeaf,
  graph,
  group,
  GroupResult,
  Ignore,
  iterdeps,
  Reject,
  restoreGroup,
  resultFromTuple,
  ResultSet,
  Retry,
  signature,
  Umbel,
  xmap,
  xstarmap,
} from "@umbel/core";
export type {
  AnySignature,
  ArgumentsSchema,
  BoundTask,
  CallOptions,
  ChordOptions,
  Collected,
  CollectedResult,
  ConfigFromOptions,
  ConfigSource,
  Configuration,
  DeliveryInfo,
  Dependency,
  Errback,
  ErrorClass,
  GetOptions,
  GraphNode,
  GroupSignature,
  ImmutableSignature,
  Kwargs,
  Linkable,
  Linked,
  Logger,
  LogLevel,
  LogRecord,
  LogSink,
  NoKwargs,
  Platform,
  Progress,
  PublishRetryPolicy,
  QueueOptions,
  ResultGraph,
  ResultHandle,
  RetryCall,
  RetryOptions,
  RevokeOptions,
  Route,
  RouteTarget,
  SearchOptions,
  SendTaskOptions,
  Settings,
  Settled,
  Signature,
  StepThatTakes,
  TableOptions,
  Task,
  TaskDeclaration,
  TaskOptions,
  TaskRequest,
  UmbelOptions,
  WaitOptions,
} from "@umbel/core";
export {
  BackendUnavailable,
  BrokerRejected,
  BrokerUnavailable,
  ChordError,
  EncodeError,
  GetInsideTaskError,
  ImproperlyConfigured,
  IncompleteStream,
  InvalidMessageError,
  MaxRetriesExceededError,
  MessageTooLargeError,
  MissingSettingError,
  NotRegistered,
  NotSupportedError,
  QueueNotFound,
  SignatureError,
  SoftTimeLimitExceeded,
  TaskFailure,
  TaskRevokedError,
  TimeLimitExceeded,
  TimeoutError,
  UmbelError,
  UnsupportedVersionError,
  ValidationError,
  WorkerLostError,
} from "@umbel/protocol";
export type {
  Backend,
  Broker,
  BrokerTraits,
  CallerBackend,
  CallerBroker,
  Connect,
  Duration,
  Environment,
  ErrorCode,
  FailureData,
  Publication,
  Receipt,
  ResultMeta,
  ResultTuple,
  TaskMessage,
  TaskState,
} from "@umbel/protocol";
export { Signal } from "@umbel/signals";
export type { ConnectOptions, Receiver, SignalEvent, SignalOptions } from "@umbel/signals";
