/**
 * What an application is connected to: its own broker, backend, log and platform, or those that it was lent for a time.
 *
 * @module
 */

import {
  type Backend,
  type Broker,
  type CallerBackend,
  type CallerBroker,
  type Connect,
  type Environment,
  ImproperlyConfigured,
} from "@umbel/protocol";
import { openContext } from "./context.ts";
import { consoleSink, type LogSink } from "./log.ts";
import { noBackend } from "./no-backend.ts";
import { type Platform, platform as defaultPlatform } from "./platform.ts";
import type { Ports } from "./readiness.ts";

/** What an application can be connected to, and lent for a time. What is not given stays its own. */
export interface Connections {
  /** For example `qstash()`. */
  readonly broker?: Broker | CallerBroker | Connect<CallerBroker>;
  /** For example `upstash()`. Without one tasks run, but nothing can wait for them. */
  readonly backend?: Backend | CallerBackend | Connect<CallerBackend>;
  /** Where log lines go; the console by default. */
  readonly log?: LogSink;
  /** Clock, dice and ids, for tests. */
  readonly platform?: Partial<Platform>;
}

/** Connections that an application has been lent; disposing of them gives it its own back. */
export interface Loan extends Disposable {
  /**
   * Runs something that keeps these connections until it ends, though they have been given back meanwhile: what a test left
   * running cannot reach the application's own. Only where the runtime has AsyncLocalStorage.
   */
  run<Result>(body: () => Result): Result;
}

/** Holds what one application is connected to; a port is connected when it is first needed. */
export class ConnectionHolder {
  readonly #app: string;
  readonly #environment: Environment;
  readonly #own: Connected;
  #lent: Connected | undefined;

  constructor(app: string, { broker, backend, log = consoleSink, platform }: Connections, environment: Environment) {
    this.#app = app;
    this.#environment = environment;
    this.#own = { given: { broker, backend }, broker, backend, log, platform: { ...defaultPlatform, ...platform } };
  }

  /** What holds where this is asked: what was lent, to the code that runs on it or to all, else the application's own. */
  get now(): Readonly<Pick<Connected, "log" | "platform">> & { readonly hasBackend: boolean } {
    const { log, platform, backend } = this.#connected;
    return { log, platform, hasBackend: backend !== undefined };
  }

  /** Throws `ImproperlyConfigured` when the application has none, `MissingSettingError` for a variable. */
  get broker(): CallerBroker {
    const connected = this.#connected;
    connected.broker = connect(connected.broker, this.#environment);
    return connected.broker ?? this.#missingBroker();
  }

  /** Where there is none, one that refuses every call by name. Throws `MissingSettingError` for a variable. */
  get backend(): CallerBackend {
    const connected = this.#connected;
    connected.backend = connect(connected.backend, this.#environment);
    return connected.backend ?? noBackend(this.#app);
  }

  /** The ports, connected anew by another reader of variables. Each throws as above. */
  anew(environment: Environment): Ports {
    const { broker, backend } = this.#connected.given;
    return {
      broker: connect(broker, environment) ?? this.#missingBroker(),
      backend: connect(backend, environment) ?? noBackend(this.#app),
    };
  }

  /** Lends others. Throws `ImproperlyConfigured` while some are lent already. */
  lend({ log, platform, ...ports }: Connections): Loan {
    if (this.#lent !== undefined) {
      throw new ImproperlyConfigured(
        `The application "${this.#app}" has been lent connections already: dispose of those first`,
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

  get #connected(): Connected {
    return borrowed?.getStore()?.get(this) ?? this.#lent ?? this.#own;
  }

  #missingBroker(): never {
    const mended = `new Umbel("${this.#app}", { broker: qstash() })`;
    throw new ImproperlyConfigured(`The application "${this.#app}" has no broker: ${mended}`);
  }
}

/** What is held at one time. */
interface Connected {
  broker: CallerBroker | Connect<CallerBroker> | undefined;
  backend: CallerBackend | Connect<CallerBackend> | undefined;
  /** Both as they were before they were connected. */
  readonly given: Readonly<Pick<Connected, "broker" | "backend">>;
  readonly log: LogSink;
  readonly platform: Platform;
}

/** What each application was lent, for what runs on it. One for all: a runtime asks each context at every turn. */
const borrowed = openContext<ReadonlyMap<ConnectionHolder, Connected>>();

function connect<Adapter>(
  given: Adapter | Connect<Adapter> | undefined,
  environment: Environment,
): Adapter | undefined {
  return isConnect(given) ? given(environment) : given;
}

function isConnect<Adapter>(given: Adapter | Connect<Adapter> | undefined): given is Connect<Adapter> {
  return typeof given === "function";
}
