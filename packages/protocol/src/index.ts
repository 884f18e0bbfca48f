/**
 * The contract: what a caller, a broker, a worker and a backend must agree on.
 *
 * Nothing here does I/O, reads a clock or imports another of our packages.
 *
 * @module
 */

export type {
  Backend,
  Claim,
  ClaimRequest,
  ChordState,
  Fence,
  Finish,
  FinishRequest,
  JoinRequest,
  ProgressRequest,
  Renewal,
  RenewRequest,
  RevokedReason,
  RevokeRequest,
  SettleRequest,
  StoredGroup,
} from "./backend.ts";
export type { Broker, BrokerTraits, FailedPush, Publication, Push, Receipt } from "./broker.ts";
export type { ChordPart, Effect, JoinEffect, SendEffect, SettleEffect } from "./effect.ts";
export type { Connect, Environment } from "./environment.ts";
export {
  BackendUnavailable,
  BrokerRejected,
  BrokerUnavailable,
  ChordError,
  EncodeError,
  GetInsideTaskError,
  ImproperlyConfigured,
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
} from "./errors.ts";
export type { ErrorCode } from "./errors.ts";
export type { FailureData } from "./failure.ts";
export type { PushEnvelope, TaskBody, TaskEmbed, TaskHeaders, TaskMessage, TaskProperties } from "./message.ts";
export type { ResultMeta, ResultTuple } from "./result.ts";
export type { Signature, SignatureOptions, SubtaskType } from "./signature.ts";
export { canMove, isException, isPropagated, isReady, isTerminal, precedence, transitions } from "./state.ts";
export type { RecordState, TaskState, TerminalState } from "./state.ts";
export type { RedisCall, RedisReply, StoreScript } from "./store-script.ts";
