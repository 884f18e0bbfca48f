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
import { isRecord } from "./environment.ts";
import { callable, checkKind } from "./kinds.ts";
import { consoleSink, type LogSink } from "./log.ts";
import { noBackend } from "./no-backend.ts";
import { tellMissing } from "./missing-settings.ts";
import { type Platform, platform as defaultPlatform } from "./platform.ts";
import { openOversight, type Oversight } from "./oversight.ts";
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

/** Holds what one application is connected to; a port is connected when it is first needed. */
export class ConnectionHolder {
  readonly #app: string;
  readonly #environment: Environment;
  /** The application's own. */
  readonly own: Connected;
  /** What it has in place of its own where this is asked; see `lendConnections`. */
  lent: () => Connected | undefined = () => undefined;

  constructor(app: string, { broker, backend, log = consoleSink, platform }: Connections, environment: Environment) {
    checkAdapter("broker", broker, "qstash()");
    checkAdapter("backend", backend, "upstash()");
    checkKind("log", callable, log);
    this.#app = app;
    this.#environment = environment;
    const given = { broker, backend };
    this.own = { given, ...given, log, platform: { ...defaultPlatform, ...platform }, oversight: openOversight() };
  }

  /** What holds where this is asked: what was lent, to the code that runs on it or to all, else the application's own. */
  get now(): Readonly<Pick<Connected, "log" | "platform" | "oversight">> & { readonly hasBackend: boolean } {
    const { log, platform, oversight, backend } = this.#connected;
    return { log, platform, oversight, hasBackend: backend !== undefined };
  }

  /** Throws `ImproperlyConfigured` when the application has none, `MissingSettingError` for a variable. */
  get broker(): CallerBroker {
    const connected = this.#connected;
    connected.broker = this.#connect(connected.broker);
    return connected.broker ?? this.#missingBroker();
  }

  /** Where there is none, one that refuses every call by name. Throws `MissingSettingError` for a variable. */
  get backend(): CallerBackend {
    const connected = this.#connected;
    connected.backend = this.#connect(connected.backend);
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

  /** What its own broker and backend are called, for people; of one that cannot be connected, why. Keeps no connection. */
  get names(): Readonly<Record<string, string>> {
    const given = Object.entries(this.own.given).filter(([, port]) => port !== undefined);
    return Object.fromEntries(given.map(([kind, port]) => [kind, nameOf(port, this.#environment)]));
  }

  /** Throws what the adapter throws; of variables that are not set, all that the application needs. */
  #connect<Adapter>(port: Adapter | Connect<Adapter> | undefined): Adapter | undefined {
    try {
      return connect(port, this.#environment);
    } catch (error) {
      const { broker, backend } = this.#connected;
      const ports = [broker, backend].map((each) => (environment: Environment) => connect<unknown>(each, environment));
      tellMissing(error, ports, this.#environment);
    }
  }

  get #connected(): Connected {
    return this.lent() ?? this.own;
  }

  #missingBroker(): never {
    const mended = `new Umbel("${this.#app}", { broker: qstash() }), with qstash of "umbel/qstash"`;
    throw new ImproperlyConfigured(`The application "${this.#app}" has no broker: ${mended}`);
  }
}

/** What is held at one time. */
export interface Connected {
  broker: CallerBroker | Connect<CallerBroker> | undefined;
  backend: CallerBackend | Connect<CallerBackend> | undefined;
  /** Both as they were before they were connected. */
  readonly given: Readonly<Pick<Connected, "broker" | "backend">>;
  readonly log: LogSink;
  readonly platform: Platform;
  readonly oversight: Oversight;
}

function nameOf(port: Connected["broker"] | Connected["backend"], environment: Environment): string {
  try {
    return connect<{ readonly name: string }>(port, environment)?.name ?? "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function connect<Adapter>(
  given: Adapter | Connect<Adapter> | undefined,
  environment: Environment,
): Adapter | undefined {
  return isConnect(given) ? given(environment) : given;
}

/** The commonest slip is Celery's address in its place. */
function checkAdapter(what: string, given: unknown, example: string): void {
  if (given === undefined || typeof given === "function" || isRecord(given)) return;
  throw new ImproperlyConfigured(`The ${what} is ${JSON.stringify(given)}: give an adapter, as ${what}: ${example}`);
}

function isConnect<Adapter>(given: Adapter | Connect<Adapter> | undefined): given is Connect<Adapter> {
  return typeof given === "function";
}
