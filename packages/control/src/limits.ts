/**
 * Rate limits and time limits that hold instead of those that tasks declare.
 *
 * A rate limit is kept twice: the broker goes by it for messages that it has already, and workers tell it of their own.
 *
 * @module
 */

import { limitKeyOf, limitsIn } from "@umbel/core";
import { type DirectedLimits, type Directives, ImproperlyConfigured, NotSupportedError } from "@umbel/protocol";
import { changeDirectives, directivesOf } from "./change.ts";
import type { LimitsToSet } from "./control.ts";
import { declaredRate, declaredTimes } from "./declared-limits.ts";
import type { Desk } from "./desk.ts";
import { answered } from "./directed-changes.ts";
import { type Node, nodesOf } from "./nodes.ts";
import { ok, refusal, type Replies } from "./reply.ts";

/** Celery's answer of a worker that does not have the task. */
const unknown = refusal("unknown task");

/** Sets the rate limit of a task; 0: none; null: as declared. Throws `NotSupportedError` where the broker keeps no limits. */
export async function setRateLimit(desk: Desk, task: string, rate: string | number | null): Promise<Replies> {
  const nodes = await nodesOf(desk);
  const misfit = misfitOfRate(rate);
  if (misfit !== undefined) return answered(desk, nodes, () => refusal(`Invalid rate limit string: ${misfit}`));
  if (!desk.app.broker.traits.flowControl) {
    throw new NotSupportedError(`The broker "${desk.app.broker.name}" keeps no limits, so ${task} cannot have one`);
  }
  const limit = rate === null ? undefined : isNone(rate) ? 0 : rate;
  if (isKnown(desk, nodes, task)) {
    await changeDirectives(desk, (now) => ({ ...now, ...rateLimitsWith(now, task, limit) }));
    await pin(desk, task);
  }
  return answered(desk, nodes, (node) => (has(desk, node, task) ? ok(rateText(desk, task, limit)) : unknown));
}

function rateText(desk: Desk, task: string, limit: string | number | undefined): string {
  if (limit === 0) return disabled;
  if (limit === undefined) return `${disabled}${declaredRate(desk, task)}`;
  return `new rate limit set successfully${reachOf(desk, task)}`;
}

const disabled = "rate limit disabled successfully";

/** What Celery's answer does not know: a line below it where the new limit does not hold for all messages. */
function reachOf({ app }: Desk, task: string): string {
  const options = app.tasks.get(task)?.options;
  if (options === undefined || limitsIn(options.rateLimit ?? app.conf.taskDefaultRateLimit) !== undefined) return "";
  return `\n${task} declares no rateLimit: the new one holds for what workers send, and not for callers' messages until it declares one`;
}

/** Sets the time limits of a task. Throws `ImproperlyConfigured` for a soft limit that is longer than the hard one. */
export async function setTimeLimit(desk: Desk, task: string, limits: LimitsToSet): Promise<Replies> {
  const { soft, hard } = limits;
  for (const [name, limit] of Object.entries({ soft, hard })) checkSeconds(`The ${name} time limit of ${task}`, limit);
  if (soft && hard && soft > hard) {
    throw new ImproperlyConfigured(`The soft time limit of ${task} is longer than the hard one: it must come first`);
  }
  const nodes = await nodesOf(desk);
  if (isKnown(desk, nodes, task)) {
    await changeDirectives(desk, (now) => ({ ...now, ...timeLimitsWith(now, task, { soft, hard }) }));
  }
  const isDeclared = soft === undefined && hard === undefined;
  const text = `time limits set successfully${isDeclared ? declaredTimes(task) : ""}`;
  return answered(desk, nodes, (node) => (has(desk, node, task) ? ok(text) : unknown));
}

/** Makes the broker go by what is kept, whoever else changes it meanwhile. Where nobody can tell it, workers' own messages do. */
async function pin(desk: Desk, task: string): Promise<void> {
  const broker = desk.brokerIfAny();
  if (broker === undefined) return;
  let kept = rateIn(await directivesOf(desk), task);
  for (let pinned: typeof kept | null = null; kept !== pinned; kept = rateIn(await directivesOf(desk), task)) {
    await broker.pin(limitKeyOf(desk.app, task), limitsFor(desk, task, kept));
    pinned = kept;
  }
}

/** No broker delivers so many: it is no limit, and wins over a message's own. */
const unlimited = { rate: 1_000_000, period: 1 };

/** How many at once is another question, which stays as the task has it. */
function limitsFor({ app }: Desk, task: string, rate: string | number | undefined) {
  if (rate === undefined) return undefined;
  const own = app.tasks.get(task)?.options.rateLimit;
  const parallelism = typeof own === "object" ? own?.parallelism : undefined;
  return { ...(limitsIn(rate) ?? unlimited), ...(parallelism === undefined ? {} : { parallelism }) };
}

function rateIn({ rateLimits = {} }: Directives, task: string): string | number | undefined {
  return Object.hasOwn(rateLimits, task) ? rateLimits[task] : undefined;
}

function rateLimitsWith(
  { rateLimits = {} }: Directives,
  task: string,
  limit: string | number | undefined,
): Pick<Directives, "rateLimits"> {
  const { [task]: _before, ...others } = rateLimits;
  return { rateLimits: limit === undefined ? others : { ...others, [task]: limit } };
}

function timeLimitsWith(
  { timeLimits = {} }: Directives,
  task: string,
  { soft, hard }: LimitsToSet,
): Pick<Directives, "timeLimits"> {
  const { [task]: _before, ...others } = timeLimits;
  const limits: DirectedLimits = { ...(soft === undefined ? {} : { soft }), ...(hard === undefined ? {} : { hard }) };
  return { timeLimits: Object.keys(limits).length === 0 ? others : { ...others, [task]: limits } };
}

/** What is wrong with a rate; undefined when nothing is. */
function misfitOfRate(rate: string | number | null): string | undefined {
  try {
    limitsIn(rate);
    return undefined;
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return error.message;
    throw error;
  }
}

function isNone(rate: string | number): boolean {
  return limitsIn(rate) === undefined;
}

function checkSeconds(what: string, limit: number | null | undefined): void {
  if (limit === null || limit === undefined || (Number.isFinite(limit) && limit > 0)) return;
  throw new ImproperlyConfigured(`${what} is ${limit}: give seconds above 0, or null for none`);
}

/** Whether anybody has the task. */
function isKnown(desk: Desk, nodes: readonly Node[], task: string): boolean {
  return [undefined, ...nodes].some((node) => has(desk, node, task));
}

/** Whether a worker has the task; without one, whether this program has. */
function has({ app }: Desk, node: Node | undefined, task: string): boolean {
  return node === undefined ? app.tasks.has(task) : node.announced.tasks.some(({ name }) => name === task);
}
