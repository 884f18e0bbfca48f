/**
 * Which worker serves a queue (delivery.md 23).
 *
 * @module
 */

import {
  baseUrl,
  type Environment,
  ImproperlyConfigured,
  isProduction,
  MissingSettingError,
  type Publication,
  QueueNotFound,
  variable,
} from "@umbel/protocol";

/** Settings that the program may give itself. */
export interface WorkerOptions {
  /** `UMBEL_WORKER_URL`: the worker that serves every queue without one of its own. */
  readonly workerUrl?: string;
  /** `UMBEL_QUEUES`, JSON: the worker of each queue. */
  readonly queues?: Readonly<Record<string, string>>;
  /** `UMBEL_TARGETS`, JSON: other services' workers that a message may name itself. */
  readonly targets?: readonly string[];
}

/** Base URL of the worker that a publication is for. Throws `QueueNotFound`. */
export type FindWorker = (publication: Pick<Publication, "queue" | "target">) => string;

/** The workers that are known. */
export interface Workers {
  readonly find: FindWorker;
  /** The one that serves every queue, where there is no other. */
  readonly only: string | undefined;
  /** The worker of a queue, as the settings have it; undefined where they have none. */
  readonly of: (queue: string) => string | undefined;
}

/** Settles on the workers. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function workersOf(options: WorkerOptions, environment: Environment): Workers {
  const queues = options.queues ? queuesIn("queues", options.queues) : queuesOf(environment);
  const targets = options.targets ? targetsIn("targets", options.targets) : targetsOf(environment);
  const fallback =
    options.workerUrl ?? variable(environment, "UMBEL_WORKER_URL") ?? developmentUrl(environment, queues);
  const everyQueue = fallback === undefined ? undefined : baseUrl("UMBEL_WORKER_URL", fallback);
  const known = new Set([...queues.values(), ...targets, ...(everyQueue === undefined ? [] : [everyQueue])]);

  const of = (queue: string) => queues.get(queue) ?? everyQueue;
  return { find, only: queues.size === 0 ? everyQueue : undefined, of };

  function find({ queue, target }: Parameters<FindWorker>[0]): string {
    if (/\p{Cs}/u.test(queue))
      throw new QueueNotFound(`${JSON.stringify(queue)} is no name for a queue: it is not text`);
    const worker = target === undefined ? of(queue) : carried(queue, target);
    if (worker !== undefined) return worker;
    throw new QueueNotFound(`Queue "${queue}" has no worker: name it in UMBEL_QUEUES, or set UMBEL_WORKER_URL`);
  }

  /**
   * A message comes from outside: what it names is used only where a setting names it too. It then wins over a queue of the
   * same name here, for another service may call its queue so.
   */
  function carried(queue: string, target: string): string {
    const worker = target.replace(/\/$/, "");
    if (known.has(worker)) return worker;
    const mapped = queues.get(queue);
    if (mapped !== undefined) return mapped;
    throw new QueueNotFound(
      `Queue "${queue}" is not mapped here, and its message carries a target that is not among UMBEL_TARGETS: ${target}`,
    );
  }
}

type Queues = ReadonlyMap<string, string>;

function queuesOf(environment: Environment): Queues {
  const value = jsonOf(environment, "UMBEL_QUEUES");
  return value === undefined ? new Map() : queuesIn("UMBEL_QUEUES", value);
}

function targetsOf(environment: Environment): readonly string[] {
  const value = jsonOf(environment, "UMBEL_TARGETS");
  return value === undefined ? [] : targetsIn("UMBEL_TARGETS", value);
}

function jsonOf(environment: Environment, setting: string): unknown {
  const text = variable(environment, setting);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ImproperlyConfigured(`${setting} is no JSON`, { cause });
  }
}

function queuesIn(setting: string, value: unknown): Queues {
  if (!isMapping(value))
    throw new ImproperlyConfigured(`${setting} has to be like {"queue": "https://worker.example"}`);
  return new Map(Object.entries(value).map(([queue, url]) => [queue, baseUrl(`${setting}: ${queue}`, url)]));
}

function targetsIn(setting: string, value: unknown): readonly string[] {
  if (!areTexts(value)) throw new ImproperlyConfigured(`${setting} has to be like ["https://worker.example"]`);
  return value.map((url, index) => baseUrl(`${setting}[${index}]`, url));
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isMapping(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && areTexts(Object.values(value));
}

function developmentUrl(environment: Environment, queues: Queues): string | undefined {
  if (!isProduction(environment)) return "http://127.0.0.1:8787";
  if (queues.size > 0) return undefined;
  throw new MissingSettingError("UMBEL_WORKER_URL", "messages are pushed to the worker that listens there");
}
