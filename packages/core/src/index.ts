/**
 * The kernel: declare tasks, make calls, plan retries, await results.
 *
 * It knows no broker and no store but through their ports, and calls user code in one place only, `attempt`.
 *
 * ```ts
 * const app = new Umbel("shop", { broker: qstash(), backend: upstash() });
 * const add = app.task("shop.add", (x: number, y: number) => x + y);
 * const result = await add.delay(4, 4);
 * await result.get();
 * ```
 *
 * @module
 */

export type { FailedCall } from "@umbel/canvas";
export { acknowledgementOf, isDeadFailure, isDeadLetter, timedOut } from "./acknowledgement.ts";
export type { Acknowledgement, AcknowledgementOptions } from "./acknowledgement.ts";
export { apiToken, isPublicToken } from "./api-token.ts";
export type { TokenSource } from "./api-token.ts";
export { bearerIn, refusalWithout, unauthorized } from "./bearer.ts";
export type { Answering, TokenDoor } from "./bearer.ts";
export { firstBeside } from "./beside.ts";
export type { Annotation, Annotations } from "./annotations.ts";
export { Umbel } from "./app.ts";
export type { Application, ApplicationSignals, CallingApplication, RegisteredTask } from "./application.ts";
export { AsyncResult } from "./async-result.ts";
export type { Progress } from "./async-result.ts";
export { around, within } from "./around.ts";
export type { Around, Attempting, Ending, Incoming, Outgoing, Steps } from "./around.ts";
export { attempt } from "./attempt.ts";
export type { Attempt, Attempted } from "./attempt.ts";
export type { AfterConfigure, AfterFinalize } from "./beginning.ts";
export type { TaskBase, TaskBases } from "./base.ts";
export type { Amendments, BoundTask, RetryCall, StateUpdate } from "./bound-task.ts";
export { isBuiltin, servedTask } from "./builtin-tasks.ts";
export { chain, chord, group, signature } from "./canvas.ts";
export type { ChordOptions, Collected } from "./canvas.ts";
export { collect, getLeaf } from "./collect.ts";
export type { CollectedResult } from "./collect.ts";
export type { Composition } from "./composition.ts";
export { conclude } from "./conclude.ts";
export type { Conclusion, Ended, Unwritable } from "./conclude.ts";
export { configFrom } from "./config-from.ts";
export type { ConfigFromOptions, ConfigSource } from "./config-from.ts";
export { defaultTable } from "./configuration.ts";
export type { Configuration, TableOptions } from "./configuration.ts";
export type { Connected, ConnectionHolder, Connections } from "./connections.ts";
export { openContext } from "./context.ts";
export type { Context } from "./context.ts";
export { Ignore, Reject, Retry } from "./control-flow.ts";
export type { ErrbackBody, ErrbackOptions } from "./errback.ts";
export type { GroupSignature } from "./fit.ts";
export { graph } from "./graph.ts";
export type { GraphNode, ResultGraph } from "./graph.ts";
export { limitKeyOf } from "./flow-control.ts";
export { canvasWord } from "./canvas-word.ts";
export { handOver, handOverFailure } from "./hand-over.ts";
export { foldedEffects } from "./folded-effects.ts";
export { GroupResult } from "./group-result.ts";
export { hop, isEarly } from "./hop.ts";
export { guardedBy, guardOf } from "./guard.ts";
export type { Guarded } from "./guard.ts";
export { guardName } from "./guard-name.ts";
export { callHook } from "./hooks.ts";
export type { Run, TaskHooks, TaskReturn } from "./hooks.ts";
export { idleRun } from "./idle-run.ts";
export type { Idle } from "./idle-run.ts";
export { directedLimits, directedRate } from "./directed.ts";
export { children, iterdeps } from "./dependencies.ts";
export type { Dependency, SearchOptions } from "./dependencies.ts";
export { childId, drawId, newId } from "./identity.ts";
export { checkNames, nearestName } from "./known-names.ts";
export { boolean as booleanKind, checkKind, checkOptions, duration as durationKind, secondsIn } from "./kinds.ts";
export type { Kind, KindsOf } from "./kinds.ts";
export { tellInternalError } from "./internal-error.ts";
export type { InternalError } from "./internal-error.ts";
export { jsonLog } from "./json-log.ts";
export type { JsonLogOptions } from "./json-log.ts";
export { isLocalRequest } from "./local-request.ts";
export { lendConnections } from "./lend.ts";
export type { Borrower, Loan } from "./lend.ts";
export { letterOf } from "./letter.ts";
export type { Told } from "./letter.ts";
export type { Linkable, Linked, LinkedTask } from "./linked.ts";
export { consoleSink, formatRecord, workerLogger } from "./log.ts";
export type { Logger, LogOrigin, LogRecord, LogSink } from "./log.ts";
export { endUnstarted } from "./lost-start.ts";
export { globExpression, prefixExpression } from "./name-pattern.ts";
export { needBackend } from "./no-backend.ts";
export { nearestTask, notRegistered } from "./not-registered.ts";
export type { Callback, Errback, Kwargs, NoKwargs, OptionsOf } from "./named.ts";
export { chunks, xmap, xstarmap } from "./mapped.ts";
export { omissible } from "./omission.ts";
export type { Omission } from "./omission.ts";
export type { EagerCall, EagerCaller, EagerOptions, EagerRun, OpenEagerRun } from "./eager.ts";
export type { Outcome } from "./outcome.ts";
export { isOwnTask } from "./own-task.ts";
export { openOversight } from "./oversight.ts";
export type { Oversight } from "./oversight.ts";
export { perform } from "./perform.ts";
export type { Performance } from "./perform.ts";
export type {
  AddedEntry,
  Catchup,
  CatchupPolicy,
  Lazily,
  Overlap,
  PeriodicArguments,
  PeriodicCallOptions,
  PeriodicEntry,
  PeriodicOptions,
  PeriodicOptionsOf,
  PeriodicRules,
  ScheduleFormLike,
  ScheduleLike,
  TimeSpan,
  When,
} from "./periodic-entry.ts";
export type { Platform } from "./platform.ts";
export { harmless, printable } from "./printable.ts";
export { warnOfPublicSecret } from "./public-secret.ts";
export { publicUrlOf } from "./public-url.ts";
export { problem } from "./problem.ts";
export type { Problem } from "./problem.ts";
export { publicationFor } from "./publication.ts";
export { publish } from "./publish.ts";
export type { PublishRetryPolicy } from "./publish-retry.ts";
export type { QueueOptions } from "./queues.ts";
export { readBody } from "./read-body.ts";
export { readiness } from "./readiness.ts";
export type { Connectable, Need, Ports } from "./readiness.ts";
export { printRequest, requestOf } from "./request.ts";
export type { DeliveryInfo, TaskRequest } from "./request.ts";
export type { GetOptions, ResultHandle, RevokeOptions, Storing, WaitOptions } from "./result-handle.ts";
export { ResultSet } from "./result-set.ts";
export type { HandlesOf, ResultsOrErrors } from "./result-set.ts";
export { restoreGroup, resultFromTuple } from "./restore.ts";
export { resultLife, retentionOf } from "./retention.ts";
export { limitsIn } from "./rate-limit.ts";
export type { FlowKey, RateLimit, TaskLimits } from "./rate-limit.ts";
export { revokeCalls, revokeName } from "./revoke.ts";
export type { ErrorClass, RetryOptions, RetryPolicy, RetryRules } from "./retry.ts";
export type { Route, RouteTarget } from "./route.ts";
export type { LogLevel, Settings } from "./settings.ts";
export type { Settled } from "./settled.ts";
export { isSameSecret } from "./secret.ts";
export type { EventDetails } from "./send-event.ts";
export { isTold, sentLetters } from "./sent-events.ts";
export { countdownOf, idsOf, prepareCall, sendTogether } from "./send-together.ts";
export type { CallIds, PreparedCall, TimedCall } from "./send-together.ts";
export { needSigningKeys, serving } from "./serving.ts";
export type { OtherHalves, Whole } from "./serving.ts";
export type { AnySignature, NamedSignature, Signature, SignatureSender, StepThatTakes } from "./signature.ts";
export { stamp } from "./stamp.ts";
export type { StampOptions, Stamps, StampVisitor } from "./stamp.ts";
export type { AnyTask, ImmutableSignature, Task } from "./task.ts";
export type { TaskDeclaration } from "./task-body.ts";
export type { CallOptions, TaskOptions } from "./task-options.ts";
export { refuseOnceOnly } from "./repeatable.ts";
export { refuseUnknownTask } from "./unknown-task.ts";
export { namesToRun, unfoldedToEnd, unfoldedToRun, unfoldedUnsent } from "./unfolded.ts";
export { withoutSaying } from "./unsaid.ts";
export { storeBeginning } from "./start.ts";
export { timeLimitsOf } from "./time-limits.ts";
export type { TimeLimits } from "./time-limits.ts";
export { sharedTask } from "./shared-task.ts";
export type { SharedTask, SharingApplication } from "./shared-task.ts";
export { shownValue } from "./shown-value.ts";
export type { SendTaskOptions, UmbelOptions } from "./umbel-options.ts";
export type { ArgumentsSchema, KwargsSchema } from "./validate.ts";
