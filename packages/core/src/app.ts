/**
 * The application: what a user makes first, and holds all through.
 *
 * It knows no adapter: broker and backend are given to it, and connected when they are first needed.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import { ImproperlyConfigured, type Signature as WireSignature } from "@umbel/protocol";
import { createSignals, type Signal } from "@umbel/signals";
import type { ApplicationSignals, CallingApplication, RegisteredTask } from "./application.ts";
import { applySignature } from "./apply.ts";
import { AsyncResult } from "./async-result.ts";
import { type AfterConfigure, type AfterFinalize, type Beginning, beginning } from "./beginning.ts";
import { checkNamedCall } from "./call-options.ts";
import type { Composition } from "./composition.ts";
import { type Configuration, configuration } from "./configuration.ts";
import { ConnectedApplication } from "./connected-application.ts";
import { type Declaration, type Declared, optionsIn } from "./declare.ts";
import { applyEagerly, type OpenEagerRun } from "./eager.ts";
import type { ErrbackBody, ErrbackOptions, JsonErrback } from "./errback.ts";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import { line } from "./line.ts";
import type { Logger, LogOrigin } from "./log.ts";
import { callSignature } from "./on-the-spot.ts";
import { madeWith, type NewSignatureOptions } from "./new-signature.ts";
import type { AddedEntry, PeriodicOptions, PeriodicOptionsOf, When } from "./periodic-entry.ts";
import { registerTask } from "./register.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import { revokeCalls } from "./revoke.ts";
import { widened } from "./sender.ts";
import { type EventDetails, sendEvent } from "./send-event.ts";
import { originOf } from "./sent-events.ts";
import type { SharedTask } from "./shared-task.ts";
import { shownAsText } from "./shown.ts";
import {
  type AnySignature,
  bindSignature,
  compositionOf,
  type NamedSignature,
  type SignatureCall,
  type SignatureSender,
} from "./signature.ts";
import type { Task } from "./task.ts";
import type {
  BodyOf,
  BodyWithNamed,
  JsonBody,
  NamedParametersOf,
  ParametersOf,
  Returning,
  ReturnOf,
  TaskDeclaration,
} from "./task-body.ts";
import { loggerOf, runningTask } from "./task-logger.ts";
import { connectionNames, type SendTaskOptions, type UmbelOptions } from "./umbel-options.ts";
import { linkedIn } from "./wire-options.ts";

/** An application: declares tasks, sends calls, hands out results. */
export class Umbel extends ConnectedApplication implements CallingApplication, SignatureSender, ResultSource {
  readonly conf: Configuration;
  readonly signals: ApplicationSignals;
  /** Sent once, when the first endpoint of this application gets its first request: its variables are there by then. */
  readonly onAfterConfigure: Signal<AfterConfigure, Umbel>;
  /** Sent once, right after that: all tasks are declared by then. */
  readonly onAfterFinalize: Signal<AfterFinalize, Umbel>;
  /** Tasks, and chains of them. What groups and chords need comes with them. */
  readonly composition: Composition = line;
  readonly #tasks = new Map<string, RegisteredTask>();
  /** What beat is to send besides what it is given itself. */
  readonly periodicTasks: AddedEntry[] = [];
  readonly #beginning: Beginning<Umbel>;
  readonly #eager: OpenEagerRun | undefined;

  /** Throws `ImproperlyConfigured` for a setting that does not exist or makes no sense. */
  constructor(name: string, options: UmbelOptions = {}) {
    super(name, options);
    const {
      broker: _broker,
      backend: _backend,
      env: _env,
      log: _log,
      platform: _platform,
      eager,
      ...settings
    } = options;
    this.#eager = eager;
    this.conf = configuration(settings, { options: connectionNames, adapters: () => this.connections.names });
    const problems = this.logger({ logger: "umbel.signals" });
    const onError = (error: unknown, signal: { readonly name: string }) =>
      problems.error(`A receiver of ${signal.name} threw: ${String(error)}`);
    this.signals = createSignals({ onError });
    this.#beginning = beginning({ onError });
    this.onAfterConfigure = this.#beginning.onAfterConfigure;
    this.onAfterFinalize = this.#beginning.onAfterFinalize;
  }

  /** Sends {@link onAfterConfigure} and {@link onAfterFinalize}, the first time: endpoints do it before they serve. */
  async finalize(): Promise<void> {
    await this.#beginning.finalize(this);
  }

  /** The declared tasks by name. */
  get tasks(): ReadonlyMap<string, RegisteredTask> {
    return this.#tasks;
  }

  /**
   * Declares a task. With `bind: true` its body gets the running call as first argument; with `args`, a schema of its
   * argument list (any Standard Schema), arguments are checked where they are sent and where they are used.
   * Throws `ImproperlyConfigured` when the name is taken.
   */
  task<
    Run extends BodyOf<Bind, Out, Made>,
    Bind extends boolean = false,
    In extends readonly unknown[] = never,
    Out extends readonly unknown[] = never,
    Named extends object = never,
    Made = never,
    Params extends readonly string[] = never,
    Result = unknown,
  >(
    options: string | TaskDeclaration<Bind, In, Out, Named, Made, Params, Result>,
    body:
      | (Run & JsonBody<Run, Bind, In, NoInfer<Made>> & Returning<NoInfer<Result>>)
      | BodyWithNamed<Bind, Out, NoInfer<Made>>,
  ): Task<ParametersOf<Run, Bind, In, Made>, ReturnOf<Run>, NamedParametersOf<Named, Params>>;
  task(given: string | Declaration["options"], body: Declaration["body"]): unknown {
    return this.declare({ options: optionsIn(given), body }).task;
  }

  /**
   * Declares a task that is told of failures: linked as `linkError` it gets the failed call, then what it was linked with.
   * Throws as {@link task} does.
   */
  errback<Run extends ErrbackBody<Bind>, Bind extends boolean = false>(
    options: string | ErrbackOptions<Bind>,
    body: Run & JsonErrback<Run, Bind>,
  ): Task<ParametersOf<Run, Bind, never>, ReturnOf<Run>>;
  errback(given: string | ErrbackOptions, body: Declaration["body"]): unknown {
    return this.declare({ options: optionsIn(given), body, isErrback: true }).task;
  }

  /** Takes in a task of a library, and returns its handle for this application. Throws as {@link task} does. */
  register<P extends readonly unknown[], R, K>(shared: SharedTask<P, R, K>): Task<P, R, K> {
    checkKind("What register() takes", sharedKind, shared);
    return shared.attach(this);
  }

  /** Declares a task whose types nobody knows any more: what `task`, `errback` and `register` come to. */
  declare(declaration: Declaration): Declared {
    return registerTask(this, this.#tasks, declaration);
  }

  /** Sends a call by name. Throws what `task.delay` throws. */
  sendTask<Result = unknown>(name: string, options?: SendTaskOptions): Promise<AsyncResult<Result>>;
  async sendTask(name: string, given: SendTaskOptions = {}): Promise<unknown> {
    checkKind("What comes after a task's name", [kinds.record[0], "options, as { args: [1, 2] }"], given);
    checkNamedCall(given);
    const { args = [], ...options } = given;
    return await this.apply(callOf(name), { args, options });
  }

  /**
   * A signature by name, of a task that may be registered elsewhere only. For one that came over the wire, as JSON has it,
   * there is the function `signature(app, wire)`.
   */
  signature<Result = unknown>(name: string, options?: SendTaskOptions & NewSignatureOptions): NamedSignature<Result>;
  signature(name: string, given: SendTaskOptions & NewSignatureOptions = {}): AnySignature {
    checkNamedCall(given);
    const { args = [], ...options } = given;
    const by = widened(this, linkedIn(options).map(compositionOf));
    return bindSignature(by, madeWith(callOf(name, args), options));
  }

  /**
   * Has beat send a call again and again, and returns the entry's name: before beat's first tick, in a receiver of
   * {@link onAfterConfigure} or {@link onAfterFinalize}, say. Beat refuses what cannot be, and a
   * name that is given twice; an unnamed call replaces an equal one. Throws `ImproperlyConfigured` once beat has begun.
   */
  addPeriodicTask<S extends AnySignature>(schedule: When, signature: S, ...[options]: PeriodicOptionsOf<S>): string;
  addPeriodicTask(schedule: When, signature: AnySignature, options: PeriodicOptions = {}): string {
    const { name = signature.toString() } = options;
    this.periodicTasks.push({ name, schedule, task: signature, options });
    return name;
  }

  /** The handle of a call, by its id. */
  result<Result = unknown>(id: string): AsyncResult<Result> {
    checkKind("The id of a call", kinds.id, id);
    return new AsyncResult(this, id);
  }

  /** Sends a wire signature: what every `delay` and `applyAsync` comes to. */
  async apply(wire: WireSignature, call: SignatureCall): Promise<ResultHandle> {
    if (call.eager === undefined && !this.conf.taskAlwaysEager) return await applySignature(this, wire, call);
    return await applyEagerly(this.#eager ?? (await this.loadEager()), this, { wire, call });
  }

  /** Loads what runs calls in this process. Throws `ImproperlyConfigured` where it cannot be had. */
  protected async loadEager(): Promise<OpenEagerRun> {
    const how = `new Umbel("${this.name}", { eager: eager() }) with eager of umbel/eager`;
    return await Promise.reject(new ImproperlyConfigured(`Nothing here can run calls in this process: ${how}`));
  }

  /** Runs a wire signature here and now: what calling a signature comes to. */
  async callHere(wire: WireSignature, { algebra: by }: Composition = this.composition): Promise<unknown> {
    return await callSignature(this, wire, by);
  }

  /**
   * Revokes calls, or one: none of them begins any more, and what waits for one that is not due yet is told at once. With `terminate`
   * a running one's signal aborts. Throws what sending throws, and `NotSupportedError` without a backend.
   */
  async revoke(ids: string | readonly string[], terminate = false): Promise<void> {
    await revokeCalls(this, [ids].flat(), terminate);
  }

  /**
   * Tells whoever watches: an event of the program's own, of a type such as `deploy-finished`; with the id of a task as
   * `uuid`, `task-updated` say, it is about that task. Throws as `task.sendEvent` does.
   */
  async sendEvent(type: string, fields: EventDetails = {}): Promise<void> {
    await sendEvent(this, { type, fields, by: { hostname: originOf(this) } });
  }

  /**
   * A logger for a module: its lines carry `name`, and the name and id of the task that is running where they are
   * written, as far as the runtime can tell (AsyncLocalStorage); `task.log` can always.
   */
  getTaskLogger(name: string): Logger {
    return loggerOf(this.connections, this.conf, () => ({ logger: name, ...runningTask() }));
  }

  /** Its name, and nothing of its settings, connections or variables. */
  toJSON(): { readonly name: string } {
    return { name: this.name };
  }

  /** `<Umbel shop>`. */
  override toString(): string {
    return `<Umbel ${this.name}>`;
  }

  /** A logger whose lines carry so much more than their text; its level is the setting `workerLogLevel`. */
  logger(origin: LogOrigin): Logger {
    return loggerOf(this.connections, this.conf, () => origin);
  }
}

const sharedKind: kinds.Kind = [(shared) => "attach" in Object(shared), "what sharedTask() returned"];

/** A call by name. */
function callOf(name: string, args: readonly unknown[] = []): WireSignature {
  checkKind("The name of a task", kinds.name, name);
  return algebra.signature(name, { args });
}

shownAsText(Umbel.prototype);
