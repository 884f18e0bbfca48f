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
  parseJson,
  type Publication,
  QueueNotFound,
  variable,
} from "@umbel/protocol";
import * as z from "zod/mini";

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

/** Settles on the workers. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function workersOf(options: WorkerOptions, environment: Environment): FindWorker {
  const queues = options.queues ? queuesIn("queues", options.queues) : queuesOf(environment);
  const targets = options.targets ? targetsIn("targets", options.targets) : targetsOf(environment);
  const fallback =
    options.workerUrl ?? variable(environment, "UMBEL_WORKER_URL") ?? developmentUrl(environment, queues);
  const everyQueue = fallback === undefined ? undefined : baseUrl("UMBEL_WORKER_URL", fallback);
  const known = new Set([...queues.values(), ...targets, ...(everyQueue === undefined ? [] : [everyQueue])]);

  return ({ queue, target }) => {
    if (/\p{Cs}/u.test(queue))
      throw new QueueNotFound(`${JSON.stringify(queue)} is no name for a queue: it is not text`);
    const worker = queues.get(queue) ?? (target === undefined ? everyQueue : carried(queue, target));
    if (worker !== undefined) return worker;
    throw new QueueNotFound(`Queue "${queue}" has no worker: name it in UMBEL_QUEUES, or set UMBEL_WORKER_URL`);
  };

  /** A message comes from outside: what it names is used only where a setting names it too. */
  function carried(queue: string, target: string): string {
    const worker = target.replace(/\/$/, "");
    if (known.has(worker)) return worker;
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
    return parseJson(text);
  } catch (cause) {
    throw new ImproperlyConfigured(`${setting} is no JSON`, { cause });
  }
}

const Mapping: z.ZodMiniType<Readonly<Record<string, string>>> = z.record(z.string(), z.string());
const List: z.ZodMiniType<readonly string[]> = z.array(z.string());

function queuesIn(setting: string, value: unknown): Queues {
  const mapping = Mapping.safeParse(value);
  if (!mapping.success) throw new ImproperlyConfigured(`${setting} has to be like {"queue": "https://worker.example"}`);
  return new Map(Object.entries(mapping.data).map(([queue, url]) => [queue, baseUrl(`${setting}: ${queue}`, url)]));
}

function targetsIn(setting: string, value: unknown): readonly string[] {
  const list = List.safeParse(value);
  if (!list.success) throw new ImproperlyConfigured(`${setting} has to be like ["https://worker.example"]`);
  return list.data.map((url, index) => baseUrl(`${setting}[${index}]`, url));
}

function developmentUrl(environment: Environment, queues: Queues): string | undefined {
  if (!isProduction(environment)) return "http://127.0.0.1:8787";
  if (queues.size > 0) return undefined;
  throw new MissingSettingError("UMBEL_WORKER_URL", "messages are pushed to the worker that listens there");
}
