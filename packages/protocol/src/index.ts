/**
 * The contract: what a caller, a broker, a worker and a backend must agree on.
 *
 * Nothing here does I/O, reads a clock or imports another of our packages.
 *
 * ```ts
 * const message = await decodePush(body);
 * const result = encodeResult({ status: "SUCCESS", result: 4, task_id: message.headers.id, ... });
 * ```
 *
 * @module
 */

export { baseUrl, isLoopback, isLoopbackHost } from "./address.ts";
export { networkCode } from "./network-code.ts";
export { asyncLocalStorage } from "./async-context.ts";
export { attemptNumber } from "./attempt-number.ts";
export type { Numbered } from "./attempt-number.ts";
export type {
  Backend,
  CallerBackend,
  Claim,
  ClaimRequest,
  ChordState,
  Fence,
  Finish,
  FinishRequest,
  JoinRequest,
  NamedText,
  ProgressRequest,
  Renewal,
  RenewRequest,
  RevokedReason,
  RevokeRequest,
  SettleRequest,
  StoredGroup,
} from "./backend.ts";
export type {
  AcceptedMessage,
  Broker,
  BrokerDesk,
  BrokerTraits,
  CallerBroker,
  DeadMessage,
  FailedPush,
  FlowControl,
  HeldMessage,
  MessagePage,
  MessageQuery,
  Push,
  Receipt,
} from "./broker.ts";
export { Publication } from "./broker.ts";
export { ControlRequest, decodeControlReply, decodeControlRequest } from "./control.ts";
export { encodeControlReply, encodeControlRequest } from "./control.ts";
export type {
  ControlHeaders,
  ControlMessage,
  ControlReply,
  ReplyAddress,
  ReplyHeaders,
  ReplyOptions,
} from "./control.ts";
export { readDate, writeDate } from "./date.ts";
export { longestTimer, secondsOf, timerOf, unitHint } from "./duration.ts";
export type { Duration } from "./duration.ts";
export {
  ChordPart,
  decodeChordPart,
  decodeEffects,
  Effect,
  encodeChordPart,
  encodeEffects,
  inHeaderOrder,
} from "./effect.ts";
export type { JoinEffect, SendEffect, SettleEffect } from "./effect.ts";
export { Envelope } from "./envelope.ts";
export type { DeliveryInfo, EnvelopeProperties } from "./envelope.ts";
export { isProduction, variable } from "./environment.ts";
export type { Connect, Environment } from "./environment.ts";
export {
  BackendUnavailable,
  BrokerRejected,
  BrokerUnavailable,
  ChordError,
  EncodeError,
  EntryInCode,
  EntryNotFound,
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
  UnsupportedVersionError,
  ValidationError,
  ValueError,
  WorkerLostError,
} from "./errors.ts";
export type { TaskFailureData } from "./errors.ts";
export { UmbelError } from "./umbel-error.ts";
export type { ErrorCode, FailureOrigin, UmbelErrorOptions } from "./umbel-error.ts";
export { Announcement, decodeAnnouncement } from "./announcement.ts";
export { decodeDirectives, encodeDirectives } from "./directives.ts";
export type { DirectedLimits, Directives, KeptDirectives } from "./directives.ts";
export type { EventLetter } from "./event-letter.ts";
export type {
  ActiveTask,
  DirectivesChange,
  KeptEvent,
  Listing,
  ListingRequest,
  MonitorStore,
  PastEvents,
  PastRequest,
  SeenWorker,
  StoreCounts,
  TaskRecordView,
} from "./monitor-store.ts";
export type { ClaimNotes, Sighting } from "./sighting.ts";
export { decodeTaskInfo, TaskInfo } from "./task-info.ts";
export { decodeEvents, encodeEvent, encodeEvents, eventChannel, readEvents } from "./event-envelope.ts";
export type { EventOptions } from "./event-envelope.ts";
export { CustomEvent, decodeEvent, isKnownEvent, KnownEvent, knownEventTypes } from "./event.ts";
export type {
  CallEventFields,
  EventBody,
  EventFields,
  TaskEventFields,
  TaskMarkEvent,
  TaskReceivedEvent,
  TaskRejectedEvent,
  TaskRevokedEvent,
  TaskSentEvent,
  TaskSucceededEvent,
  TaskThrewEvent,
  WorkerEvent,
} from "./event.ts";
export { errorOf, failureIn, failureOf, messageOf, reprOf } from "./failure.ts";
export type { FailureData } from "./failure.ts";
export { assertJson } from "./json-value.ts";
export { parseJson, writeJson } from "./json.ts";
export { checkOptionNames } from "./known-options.ts";
export { mayMergeCalls, mergeCalls } from "./merge-calls.ts";
export type { MergeOptions, SendItems } from "./merge-calls.ts";
export { longestId } from "./longest-id.ts";
export { TaskBody, TaskMessage } from "./message.ts";
export type { PushEnvelope, TaskEmbed, TaskHeaders, TaskProperties } from "./message.ts";
export { misfitOfMessage } from "./message-misfit.ts";
export { decodePush, encodePush } from "./push.ts";
export { isReference, namesOf, referenceIn, referredName, referring } from "./reference.ts";
export type { Reference } from "./reference.ts";
export { repr, reprArgs, reprKwargs } from "./repr.ts";
export { decodeGroup, decodeResult, encodeGroup, encodeResult, isResultTuple } from "./result.ts";
export type { ResultMeta, ResultTuple } from "./result.ts";
export type {
  Changed,
  ChangeRequest,
  DueEntries,
  DueRequest,
  Entries,
  EntriesRequest,
  EntryChange,
  ScheduleStore,
  StoredEntry,
} from "./schedule-store.ts";
export { decodeSignature, Signature } from "./signature.ts";
export type { SignatureOptions, SubtaskType } from "./signature.ts";
export { canMove, isException, isPropagated, isReady, isTerminal, precedence, transitions } from "./state.ts";
export type { RecordState, TaskState } from "./state.ts";
export type { RedisCall, RedisReply, StoreScript } from "./store-script.ts";
export { decodeEnvelope, encodeEnvelope } from "./task-envelope.ts";
export type { EnvelopeOptions } from "./task-envelope.ts";
export { TerminalState } from "./terminal-state.ts";
export { asVerdict, tracebackOf } from "./traceback.ts";
