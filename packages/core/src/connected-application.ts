/**
 * An application as far as it is connected: its name, the variables that it reads, its broker and its backend.
 *
 * @module
 */

import { type CallerBackend, type CallerBroker, type Environment, ImproperlyConfigured } from "@umbel/protocol";
import { ConnectionHolder } from "./connections.ts";
import { isFedByRequests, isRecord, readEnvironment } from "./environment.ts";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import type { Oversight } from "./oversight.ts";
import type { Platform } from "./platform.ts";
import type { Connectable, Ports } from "./readiness.ts";
import type { UmbelOptions } from "./umbel-options.ts";

/** What `Umbel` is beneath its tasks and calls. */
export abstract class ConnectedApplication implements Connectable {
  readonly name: string;
  /** What it is connected to. */
  readonly connections: ConnectionHolder;
  /** What it was given, and what came with a request. */
  readonly #variables: UmbelOptions["env"][];

  /** Throws `ImproperlyConfigured` for a name that is none, and for what is no adapter. */
  constructor(name: string, options: UmbelOptions) {
    checkKind("The name of an application", kinds.name, name);
    this.name = name;
    this.#variables = [options.env];
    this.connections = new ConnectionHolder(name, options, (variable) => this.#sought(variable));
  }

  /** The broker. Throws `ImproperlyConfigured` when the application has none, `MissingSettingError` for a variable. */
  get broker(): CallerBroker {
    return this.connections.broker;
  }

  /** The backend; where the application has none, one whose every call throws `NotSupportedError`. Else throws as {@link broker}. */
  get backend(): CallerBackend {
    return this.connections.backend;
  }

  /** The ports, connected anew by another reader of variables; its own stay as they are. Throws as {@link broker} does. */
  connected(environment: Environment): Ports {
    return this.connections.anew(environment);
  }

  /** Whether the application was given a backend. */
  get hasBackend(): boolean {
    return this.connections.now.hasBackend;
  }

  /** What is known of operators' wishes: in a worker, what came with the answers to its claims. */
  get oversight(): Oversight {
    return this.connections.now.oversight;
  }

  /** Clock, dice and ids. */
  get platform(): Platform {
    return this.connections.now.platform;
  }

  /** Reads a variable: from what the application was given, from the runtime's bindings, from the process. */
  readonly environment: Environment = (name) => readEnvironment(name, this.#variables);

  /**
   * Reads a variable for an adapter. One that asks whether this is production is about to take development's addresses:
   * nobody can tell, and they are wrong on Workers, while the request's bindings have not come.
   */
  #sought(name: string): string | undefined {
    const value = this.environment(name);
    const isUnknown = value === undefined && this.#variables.every((record) => record === undefined);
    if (name !== "NODE_ENV" || !isUnknown || !isFedByRequests()) return value;
    throw new ImproperlyConfigured(
      `"${this.name}" has no variables yet, for on Workers they come with each request: call app.useEnvironment(env) before its first task`,
    );
  }

  /** Gives the application the bindings that came with a request, if any came: a worker does it before all else. */
  useEnvironment(bindings: unknown): void {
    if (isRecord(bindings)) this.#variables[1] = bindings;
  }
}
