/**
 * The application: what a user makes first, and holds all through.
 *
 * It knows no adapter: broker and backend are given to it, and connected when they are first needed.
 *
 * @module
 */

import * as algebra from "@umbel/canvas";
import {
  type Backend,
  type Broker,
  type CallerBackend,
  type CallerBroker,
  type Connect,
  type Environment,
  ImproperlyConfigured,
  type Signature as WireSignature,
} from "@umbel/protocol";
import { createSignals } from "@umbel/signals";
import type { ApplicationSignals, CallingApplication, RegisteredTask } from "./application.ts";
import { applySignature } from "./apply.ts";
import { AsyncResult } from "./async-result.ts";
import { builtinNames } from "./builtin-tasks.ts";
import { openContext } from "./context.ts";
import type { Composition } from "./composition.ts";
import { declareTask, type Declaration } from "./declare.ts";
import { isRecord, readEnvironment } from "./environment.ts";
import { line } from "./line.ts";
import { consoleSink, createLogger, type Logger, type LogOrigin, type LogSink } from "./log.ts";
import { type Platform, platform as defaultPlatform } from "./platform.ts";
import type { Connectable, Ports } from "./readiness.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import { waitingRetentionOf } from "./retention.ts";
import { type Configuration, configuration, type Settings } from "./settings.ts";
import { currentScope } from "./scope.ts";
import { widened } from "./sender.ts";
import { bindSignature, compositionOf, type Signature, type SignatureCall, type SignatureSender } from "./signature.ts";
import type { Task } from "./task.ts";
import type { BodyOf, JsonBody, ParametersOf, ReturnOf, TaskDeclaration } from "./task-body.ts";
import type { CallOptions } from "./task-options.ts";
import { linkedIn, wireOptions } from "./wire-options.ts";

/** What an application is made with: adapters, and any of the settings. */
export interface UmbelOptions extends Partial<Settings> {
  /** For example `qstash()`. */
  readonly broker?: Broker | CallerBroker | Connect<CallerBroker>;
  /** For example `upstash()`. Without one tasks run, but nothing can wait for them. */
  readonly backend?: Backend | CallerBackend | Connect<CallerBackend>;
  /** Variables that win over the process's own. */
  readonly env?: Readonly<Record<string, unknown>>;
  /** Where log lines go; the console by default. */
  readonly log?: LogSink;
  /** Clock, dice and ids, for tests. */
  readonly platform?: Partial<Platform>;
}

/** What an application can be lent for a time: {@link Umbel.useConnections}. What is not given stays its own. */
export type Connections = Pick<UmbelOptions, "broker" | "backend" | "log" | "platform">;

/** Connections that an application has been lent; disposing of them gives it its own back. */
export interface Loan extends Disposable {
  /**
   * Runs something that keeps these connections until it ends, though they have been given back meanwhile: what a test left
   * running cannot reach the application's own. Only where the runtime has AsyncLocalStorage.
   */
  run<Result>(body: () => Result): Result;
}

/** A call by name, of a task that may be registered elsewhere only. */
export interface SendTaskOptions extends CallOptions {
  readonly args?: readonly unknown[];
}

/** An application: declares tasks, sends calls, hands out results. */
export class Umbel implements CallingApplication, Connectable, SignatureSender, ResultSource {
  readonly name: string;
  readonly conf: Configuration;
  readonly signals: ApplicationSignals;
  /** Tasks, and chains of them. What groups and chords need comes with them. */
  readonly composition: Composition = line;
  readonly #tasks = new Map<string, RegisteredTask>();
  readonly #env: UmbelOptions["env"];
  readonly #own: Connected;
  #lent: Connected | undefined;
  #bindings: Readonly<Record<string, unknown>> | undefined;

  /** Throws `ImproperlyConfigured` for a setting that does not exist or makes no sense. */
  constructor(name: string, options: UmbelOptions = {}) {
    const { broker, backend, env, log = consoleSink, platform, ...settings } = options;
    this.name = name;
    this.#env = env;
    this.#own = { given: { broker, backend }, broker, backend, log, platform: { ...defaultPlatform, ...platform } };
    this.conf = configuration(settings, connectionNames);
    const problems = this.logger({ logger: "umbel.signals" });
    this.signals = createSignals({
      onError: (error, signal) => problems.error(`A receiver of ${signal.name} threw: ${String(error)}`),
    });
  }

  /** The broker. Throws `ImproperlyConfigured` when the application has none, `MissingSettingError` for a variable. */
  get broker(): CallerBroker {
    const connected = this.#connected;
    connected.broker = connect(connected.broker, this.environment);
    return connected.broker ?? missing(this.name, "broker", "qstash()");
  }

  /** The backend. Throws as {@link broker} does. */
  get backend(): CallerBackend {
    const connected = this.#connected;
    connected.backend = connect(connected.backend, this.environment);
    return connected.backend ?? missing(this.name, "backend", "upstash()");
  }

  /**
   * The ports, connected anew by another reader of variables; the application's own stay as they are. Throws as
   * {@link broker} does.
   */
  connected(environment: Environment): Ports {
    const { broker, backend } = this.#connected.given;
    return {
      broker: connect(broker, environment) ?? missing(this.name, "broker", "qstash()"),
      backend: connect(backend, environment) ?? missing(this.name, "backend", "upstash()"),
    };
  }

  /** Whether the application was given a backend. */
  get hasBackend(): boolean {
    return this.#connected.backend !== undefined;
  }

  /** Clock, dice and ids. */
  get platform(): Platform {
    return this.#connected.platform;
  }

  get #connected(): Connected {
    return borrowed?.getStore()?.get(this) ?? this.#lent ?? this.#own;
  }

  /** The declared tasks by name. */
  get tasks(): ReadonlyMap<string, RegisteredTask> {
    return this.#tasks;
  }

  /** Reads a variable: from what the application was given, from the runtime's bindings, from the process. */
  readonly environment: Environment = (name) => readEnvironment(name, [this.#env, this.#bindings]);

  /** Gives the application the bindings that came with a request, if any came: a worker does it before all else. */
  useEnvironment(bindings: unknown): void {
    if (isRecord(bindings)) this.#bindings = bindings;
  }

  /**
   * Lends the application other connections until what it returns is disposed of: then it has its own again. This is how
   * a test kit takes an application as it stands. Throws `ImproperlyConfigured` while it has been lent some already.
   */
  useConnections({ log, platform, ...ports }: Connections): Loan {
    if (this.#lent !== undefined) {
      throw new ImproperlyConfigured(
        `The application "${this.name}" has been lent connections already: dispose of those first`,
      );
    }
    const own = this.#own;
    const given = { ...own.given, ...ports };
    const lent = { ...own, ...ports, given, log: log ?? own.log, platform: { ...own.platform, ...platform } };
    this.#lent = lent;
    return {
      run: (body) => {
        if (borrowed === undefined) return body();
        return borrowed.run(new Map(borrowed.getStore()).set(this, lent), body);
      },
      [Symbol.dispose]: () => {
        if (this.#lent === lent) this.#lent = undefined;
      },
    };
  }

  /**
   * Declares a task. With `bind: true` its body gets the running call as first argument; with `args`, a schema of its
   * argument list (any Standard Schema), arguments are checked where they are sent and where they are used.
   * Throws `ImproperlyConfigured` when the name is taken.
   */
  task<
    Run extends BodyOf<Bind, Out>,
    Bind extends boolean = false,
    In extends readonly unknown[] = never,
    Out extends readonly unknown[] = never,
  >(
    options: string | TaskDeclaration<Bind, In, Out>,
    body: Run & JsonBody<Run, Bind, In>,
  ): Task<ParametersOf<Run, Bind, In>, ReturnOf<Run>>;
  task(options: string | Declaration["options"], body: Declaration["body"]): unknown {
    const declaration = typeof options === "string" ? { options: { name: options }, body } : { options, body };
    const { task, registered } = declareTask(this, this, declaration);
    if (this.#tasks.has(registered.name) || builtinNames.includes(registered.name)) {
      throw new ImproperlyConfigured(`There is a task named "${registered.name}" already`);
    }
    this.#tasks.set(registered.name, registered);
    return task;
  }

  /** Sends a call by name. Throws what `task.delay` throws. */
  async sendTask<Result = unknown>(name: string, options: SendTaskOptions = {}): Promise<AsyncResult<Result>> {
    const { args = [], ...call } = options;
    return await this.signature<Result>(name).applyAsync(args, call);
  }

  /**
   * A signature by name, of a task that may be registered elsewhere only. For one that came over the wire, as JSON has it,
   * there is the function `signature(app, wire)`.
   */
  signature<Result = unknown>(
    name: string,
    { args = [], kwargs = {}, ...call }: SendTaskOptions = {},
  ): Signature<readonly unknown[], Result> {
    const by = widened(this, linkedIn(call).map(compositionOf));
    return bindSignature(by, algebra.signature(name, { args, kwargs, options: wireOptions(call) }));
  }

  /** The handle of a call, by its id. */
  result<Result = unknown>(id: string): AsyncResult<Result> {
    return new AsyncResult(this, id);
  }

  /** Sends a wire signature: what every `delay` and `applyAsync` comes to. */
  async apply(wire: WireSignature, call: SignatureCall): Promise<ResultHandle> {
    return await applySignature(this, wire, call);
  }

  /** Marks calls as revoked, for as long as their messages may still come. */
  async revoke(ids: readonly string[], terminate: boolean): Promise<void> {
    await this.backend.revoke({ ids, terminate, retention: waitingRetentionOf(this) });
  }

  /**
   * A logger for a module: its lines carry `name`, and the name and id of the task that is running where they are
   * written, as far as the runtime can tell (AsyncLocalStorage); `task.log` can always.
   */
  getTaskLogger(name: string): Logger {
    return this.#createLogger(() => ({ logger: name, ...runningTask() }));
  }

  /** A logger whose lines carry so much more than their text; its level is the setting `workerLogLevel`. */
  logger(origin: LogOrigin): Logger {
    return this.#createLogger(() => origin);
  }

  #createLogger(origin: () => LogOrigin): Logger {
    const level = () => this.conf.workerLogLevel;
    const sink: LogSink = (record) => this.#connected.log(record);
    return createLogger(sink, { level, now: () => this.platform.now(), origin });
  }
}

/** What an application is made with besides its settings; the type makes sure that none is forgotten. */
const connectionNames = Object.keys({
  broker: true,
  backend: true,
  env: true,
  log: true,
  platform: true,
} satisfies Record<Exclude<keyof UmbelOptions, keyof Settings>, true>);

/** What an application holds on to; a port is connected when it is first needed. */
interface Connected {
  broker: CallerBroker | Connect<CallerBroker> | undefined;
  backend: CallerBackend | Connect<CallerBackend> | undefined;
  /** Both as they were before that. */
  readonly given: Readonly<Pick<Connected, "broker" | "backend">>;
  readonly log: LogSink;
  readonly platform: Platform;
}

/** What each application was lent, for what runs on it. One for all: a runtime asks each context at every turn. */
const borrowed = openContext<ReadonlyMap<Umbel, Connected>>();

/** The task whose body is writing this line. */
function runningTask(): LogOrigin {
  const request = currentScope()?.request;
  return request === undefined ? {} : { taskName: request.task, taskId: request.id };
}

function connect<Adapter>(
  given: Adapter | Connect<Adapter> | undefined,
  environment: Environment,
): Adapter | undefined {
  return isConnect(given) ? given(environment) : given;
}

function isConnect<Adapter>(given: Adapter | Connect<Adapter> | undefined): given is Connect<Adapter> {
  return typeof given === "function";
}

function missing(app: string, what: string, example: string): never {
  throw new ImproperlyConfigured(
    `The application "${app}" has no ${what}: new Umbel("${app}", { ${what}: ${example} })`,
  );
}
