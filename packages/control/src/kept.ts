/**
 * Sends again what no broker has any more: from the results that `resultExtended` keeps the arguments with.
 *
 * A result knows nothing of the canvas that its task was in, so it becomes a task of its own, under a new id. That id is derived from
 * the old one: whoever does it twice, or at the same time, has one new task.
 *
 * @module
 */

import { childId } from "@umbel/core";
import { isException, isReady, type ResultMeta, UmbelError } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { accountOf, type Part } from "./replay-account.ts";
import type { ReplayedTask, ReplayOptions, UnreplayedTask } from "./replayed.ts";
import { release, reserve, type Reserved } from "./reservation.ts";

/** A call as a result has kept it. */
interface KeptCall extends Pick<ReplayOptions, "args" | "kwargs"> {
  readonly replayed: ReplayedTask;
}

/** What becomes of a task. */
type Plan = KeptCall | { readonly refused: UnreplayedTask };

/** Replays tasks that are among no dead letters. Throws `BackendUnavailable`, and what sending throws. */
export async function replayKept(desk: Desk, ids: readonly string[], how: ReplayOptions): Promise<Part> {
  if (ids.length === 0) return { replayed: [], refused: [] };
  const plans = await plansOf(desk, ids, how);
  const calls = plans.flatMap((plan) => ("refused" in plan ? [] : [plan]));
  const refused = plans.flatMap((plan) => ("refused" in plan ? [plan.refused] : []));
  if (how.dryRun === true) return { replayed: calls.map((call) => call.replayed), refused };
  const lost = await reserve(desk, calls.map(reservedOf), { ...how, asNew: true });
  const losers = new Set(lost.map(({ id }) => id));
  const won = calls.filter(({ replayed }) => !losers.has(replayed.origin));
  return await accountOf(won.map(withId), {
    before: { replayed: [], refused: [...refused, ...lost] },
    size: 1,
    act: async (some) => await sendAll(desk, some),
  });
}

function reservedOf({ replayed: { origin } }: KeptCall): Reserved {
  return { id: origin, sending: "kept" };
}

function withId(call: KeptCall) {
  return { ...call, id: call.replayed.origin };
}

async function sendAll(desk: Desk, calls: readonly KeptCall[]): Promise<Part> {
  for (const call of calls) await sendOrRelease(desk, call);
  return { replayed: calls.map((call) => call.replayed), refused: [] };
}

/** Throws what sending throws. What is not to be sent later, either, will not run: so another edit may. */
async function sendOrRelease(desk: Desk, call: KeptCall): Promise<void> {
  try {
    await send(desk, call);
  } catch (error) {
    if (!(error instanceof UmbelError) || !error.transient) await release(desk, [reservedOf(call)]);
    throw error;
  }
}

async function plansOf(desk: Desk, ids: readonly string[], how: ReplayOptions): Promise<readonly Plan[]> {
  if (!desk.app.hasBackend) return ids.map((id) => ({ refused: { id, reason: unknown } }));
  const [metas, records] = await Promise.all([desk.app.backend.read(ids), desk.store().records(ids.map(newIdOf))]);
  const known = new Set(records.map(({ id }) => id));
  return ids.map((id, nth) => planOf(metas[nth], { id, how, isKnown: known.has(newIdOf(id)) }));
}

interface Circumstances {
  readonly id: string;
  readonly how: ReplayOptions;
  /** Whether the new task has begun before. */
  readonly isKnown: boolean;
}

function planOf(meta: ResultMeta | undefined, { id, how, isKnown }: Circumstances): Plan {
  if (meta === undefined || !isReady(meta.status)) return { refused: { id, reason: unknown } };
  const kept = callIn(meta);
  if (!isException(meta.status) && how.asNew !== true) {
    const more = kept === undefined ? "" : ": as a new task it can be sent again";
    return { refused: { id, reason: `it has ended as ${meta.status}${more}` } };
  }
  if (kept === undefined) return { refused: { id, reason: unkept } };
  if (isKnown) return { refused: { id, reason: `it was replayed before, as ${newIdOf(id)}` } };
  const { args = kept.args, kwargs = kept.kwargs } = how;
  return { replayed: { id: newIdOf(id), origin: id, task: kept.task, queue: kept.queue }, args, kwargs };
}

/** Undefined where the result was kept without it. */
function callIn({ name, args, kwargs, queue }: ResultMeta) {
  if (!isText(name) || !isList(args) || !isObject(kwargs)) return undefined;
  return { task: name, args, kwargs, queue: isText(queue) ? queue : "" };
}

const unknown = "it is not among what the broker has given up, and nothing is known of its end";
const unkept =
  "it is not among what the broker has given up, and its result was kept without its arguments: resultExtended keeps them";

async function send({ app }: Desk, { replayed, args = [], kwargs = {} }: KeptCall): Promise<void> {
  const { id, origin, task, queue } = replayed;
  await app.sendTask(task, {
    args,
    kwargs,
    taskId: id,
    headers: { replay_of: origin },
    ...(queue === "" ? {} : { queue }),
  });
}

function newIdOf(id: string): string {
  return childId(id, "replay");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
