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
}

/** Base URL of the worker that a publication is for. Throws `QueueNotFound`. */
export type FindWorker = (publication: Publication) => string;

/** Settles on the workers. Throws `MissingSettingError`, `ImproperlyConfigured`. */
export function workersOf(options: WorkerOptions, environment: Environment): FindWorker {
  const queues = options.queues ? checked("queues", options.queues) : queuesIn(environment);
  const fallback =
    options.workerUrl ?? variable(environment, "UMBEL_WORKER_URL") ?? developmentUrl(environment, queues);
  const everyQueue = fallback === undefined ? undefined : baseUrl("UMBEL_WORKER_URL", fallback);

  return ({ queue, target }) => {
    const worker =
      queues.get(queue) ?? (target === undefined ? everyQueue : baseUrl(`target of queue ${queue}`, target));
    if (worker !== undefined) return worker;
    throw new QueueNotFound(`Queue "${queue}" has no worker: name it in UMBEL_QUEUES, or set UMBEL_WORKER_URL`);
  };
}

type Queues = ReadonlyMap<string, string>;

function queuesIn(environment: Environment): Queues {
  const text = variable(environment, "UMBEL_QUEUES");
  return text === undefined ? new Map() : checked("UMBEL_QUEUES", jsonIn(text));
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new ImproperlyConfigured(`UMBEL_QUEUES is no JSON: ${text}`, { cause });
  }
}

const Mapping: z.ZodMiniType<Readonly<Record<string, string>>> = z.record(z.string(), z.string());

function checked(setting: string, value: unknown): Queues {
  const mapping = Mapping.safeParse(value);
  if (!mapping.success) throw new ImproperlyConfigured(`${setting} has to be like {"queue": "https://worker.example"}`);
  return new Map(Object.entries(mapping.data).map(([queue, url]) => [queue, baseUrl(`${setting}: ${queue}`, url)]));
}

function developmentUrl(environment: Environment, queues: Queues): string | undefined {
  if (!isProduction(environment)) return "http://127.0.0.1:8787";
  if (queues.size > 0) return undefined;
  throw new MissingSettingError("UMBEL_WORKER_URL", "messages are pushed to the worker that listens there");
}
