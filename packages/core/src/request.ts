/**
 * What a task may know of the call that it is running for: Celery's `task.request`.
 *
 * @module
 */

import {
  readDate,
  repr,
  reprArgs,
  reprKwargs,
  type ResultTuple,
  type Signature,
  type TaskMessage,
  type TaskProperties,
} from "@umbel/protocol";
import { printed } from "./printed.ts";
import { reservedHeaders } from "./reserved-headers.ts";
import type { TimeLimits } from "./time-limits.ts";

/** Where the message came from. */
export interface DeliveryInfo {
  readonly queue: string;
  readonly priority: number | null;
  /** Whether this attempt was delivered before: by the broker, or because it was put back into its queue. */
  readonly redelivered: boolean;
}

/** One call of a task, as its body sees it. Times are milliseconds since 1970, limits seconds. */
export interface TaskRequest {
  readonly id: string;
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** 0 on the first try. */
  readonly retries: number;
  readonly rootId: string;
  readonly parentId: string | null;
  readonly group: string | null;
  readonly groupIndex: number | null;
  readonly eta: number | null;
  readonly expires: number | null;
  readonly timeLimit: number | null;
  readonly softTimeLimit: number | null;
  readonly shadow: string | null;
  readonly origin: string | null;
  readonly hostname: string;
  readonly ignoreResult: boolean;
  readonly replyTo: string | null;
  readonly correlationId: string;
  readonly argsrepr: string;
  readonly kwargsrepr: string;
  readonly deliveryInfo: DeliveryInfo;
  readonly callbacks: readonly Signature[] | null;
  readonly errbacks: readonly Signature[] | null;
  /** The rest of the chain, reversed. Of a long one the far end is kept in the store: its first element stands for that. */
  readonly chain: readonly Signature[] | null;
  /** The chord's body; where that is long, what stands for it in the store. */
  readonly chord: Signature | null;
  /** Headers that the caller added. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of the message, with those that nobody here knows. */
  readonly properties: TaskProperties;
  /** Stamps by name, and which of them are stamps of the whole canvas. */
  readonly stamps: Readonly<Record<string, unknown>>;
  readonly stampedHeaders: readonly string[];
  /** How often the task was replaced by another. */
  readonly replacedTaskNesting: number;
  /** What the body has sent so far, as result tuples. */
  readonly children: readonly ResultTuple[];
  /** Instants in the message are in UTC. */
  readonly utc: true;
  readonly isEager: boolean;
  readonly calledDirectly: boolean;
  /** `<Context: {...}>`, with every field. */
  toString(): string;
}

/** What the receiver adds to what the message says. */
export interface Reception {
  readonly limits: TimeLimits;
  readonly hostname: string;
  readonly queue: string;
  readonly redelivered: boolean;
  /** The task runs in the process that called it. */
  readonly isEager?: boolean;
}

/** Reads a request from a message. Throws `InvalidMessageError` when its eta or expiry is no date. */
export function requestOf(message: TaskMessage, reception: Reception): TaskRequest {
  const { headers, properties } = message;
  const requeues = properties.requeues ?? 0;
  return printing({
    ...identityOf(message),
    eta: dateOrNull(headers.eta),
    expires: dateOrNull(headers.expires),
    timeLimit: reception.limits.hard,
    softTimeLimit: reception.limits.soft,
    ...followersOf(message),
    ...marksOf(message),
    hostname: reception.hostname,
    ignoreResult: headers.ignore_result ?? false,
    replyTo: properties.reply_to ?? null,
    correlationId: properties.correlation_id ?? headers.id,
    argsrepr: headers.argsrepr ?? reprArgs(message.body[0]),
    kwargsrepr: headers.kwargsrepr ?? reprKwargs(message.body[1]),
    deliveryInfo: {
      queue: reception.queue,
      priority: properties.priority ?? null,
      redelivered: reception.redelivered || requeues > 0,
    },
    properties,
    children: [],
    utc: true,
    isEager: reception.isEager ?? false,
    calledDirectly: false,
  });
}

/** The same request, whose children are those of a run. */
export function withChildren(request: TaskRequest, children: readonly ResultTuple[]): TaskRequest {
  return printing({ ...request, children });
}

/** A request that prints itself. */
export function printing(request: TaskRequest): TaskRequest {
  return printed(request, printRequest);
}

/** Most characters of a printed request: all of its fields, unless its arguments alone are longer. */
const longestText = 8192;

/** A request as one line, for logs: `<Context: {id: ..., task: ...}>`. */
export function printRequest(request: TaskRequest): string {
  return `<Context: ${repr({ ...request }, longestText)}>`;
}

function identityOf({ headers, body }: TaskMessage) {
  return {
    id: headers.id,
    task: headers.task,
    args: body[0],
    kwargs: body[1],
    retries: headers.retries ?? 0,
    rootId: headers.root_id ?? headers.id,
    parentId: headers.parent_id ?? null,
    group: headers.group ?? null,
    groupIndex: headers.group_index ?? null,
  };
}

/** What others have written on it: on its way, or before it was sent. */
function marksOf({ headers }: TaskMessage) {
  return {
    shadow: headers.shadow ?? null,
    origin: headers.origin ?? null,
    stamps: headers.stamps ?? {},
    stampedHeaders: headers.stamped_headers ?? [],
    replacedTaskNesting: headers.replaced_task_nesting ?? 0,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !reservedHeaders.has(name))),
  };
}

function followersOf({ body }: TaskMessage) {
  const embed = body[2] ?? {};
  return {
    callbacks: embed.callbacks ?? null,
    errbacks: embed.errbacks ?? null,
    chain: embed.chain ?? null,
    chord: embed.chord ?? null,
  };
}

function dateOrNull(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : readDate(text);
}
