/**
 * Revokes calls, by their ids or by their stamps, with Celery's answers.
 *
 * @module
 */

import { revokeCalls } from "@umbel/core";
import { repr, type TaskInfo } from "@umbel/protocol";
import { waitingPage, type WaitingTask } from "./accepted.ts";
import { activePage } from "./active.ts";
import type { StampedHeaders } from "./control.ts";
import type { Desk } from "./desk.ts";
import { answered } from "./directed-changes.ts";
import { every } from "./every.ts";
import { nodesOf } from "./nodes.ts";
import { recordedIn } from "./query-task.ts";
import { ok, type Replies } from "./reply.ts";

/** Revokes calls. Throws what `app.revoke` throws. */
export async function revokeIds(desk: Desk, given: string | readonly string[], terminate: boolean): Promise<Replies> {
  const ids = [...new Set([given].flat())];
  const running = terminate ? await runningAmong(desk, ids) : [];
  await revokeCalls(desk.app, ids, terminate);
  const nodes = await nodesOf(desk);
  if (!terminate)
    return answered(desk, nodes, () => ok(`tasks {${ids.map((id) => repr(id)).join(", ")}} flagged as revoked`));
  return answered(desk, nodes, (node) => {
    const own = running.filter(({ hostname }) => node === undefined || hostname === node.name);
    return ok(own.length === 0 ? noneRuns : `terminate: ${own.map(({ id }) => id).join(", ")}`);
  });
}

/** Celery's answer, and what it does not say. */
const noneRuns = "terminate: tasks unknown\nnone of them runs; what waits of them does not begin any more";

/** Those that a worker holds. */
async function runningAmong(desk: Desk, ids: readonly string[]): Promise<readonly TaskInfo[]> {
  const known = await recordedIn(desk, ids);
  return known.flatMap(([, , [state, info]]) => (state === "active" ? [info] : []));
}

/** Revokes what waits or runs and has any of the stamps. Throws as {@link revokeIds}. */
export async function revokeStamped(desk: Desk, headers: StampedHeaders, terminate: boolean): Promise<Replies> {
  const [running, waiting] = await Promise.all([activeTasks(desk), waitingTasks(desk)]);
  const active = running.filter(({ stamps }) => isStamped(stamps, headers));
  const held = waiting.filter(({ message }) => isStamped(message.headers.stamps, headers));
  const ids = new Set([...active.map(({ id }) => id), ...held.map(({ info }) => info.id)]);
  await revokeCalls(desk.app, [...ids], terminate);
  const count = ids.size === 1 ? "1 call has such a stamp, and is" : `${ids.size} calls have such a stamp, and are`;
  const text = `${textOf(headers, { terminate, count: active.length })}\n${count} revoked`;
  return answered(desk, await nodesOf(desk), () => ({ ok: text, revoked: ids.size }));
}

async function activeTasks(desk: Desk): Promise<readonly TaskInfo[]> {
  return await every(desk, { what: "the active tasks" }, async (request) => await activePage(desk, request));
}

/** None where the broker shows none. */
async function waitingTasks(desk: Desk): Promise<readonly WaitingTask[]> {
  if (desk.brokerIfAny() === undefined) return [];
  return await every(desk, { what: "the messages" }, async (request) => await waitingPage(desk, request));
}

/** Whether any stamp fits, as in Celery's code (its guide says all). A stamp may have several values, and so may what is asked for. */
function isStamped(stamps: unknown, headers: StampedHeaders): boolean {
  if (typeof stamps !== "object" || stamps === null) return false;
  const own = new Map<string, unknown>(Object.entries(stamps));
  return Object.entries(headers).some(([name, wanted]) => {
    const values = new Set(valuesOf(own.get(name)));
    return valuesOf(wanted).some((value) => values.has(value));
  });
}

/** As texts: 1 and "1" are the same on a command line. */
function valuesOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return [value].flat().map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
}

function textOf(
  headers: StampedHeaders,
  { terminate, count }: { readonly terminate: boolean; readonly count: number },
): string {
  if (!terminate) return `headers ${repr(headers)} flagged as revoked, but not terminated`;
  return count === 0 ? `headers ${repr(headers)} were not terminated` : `headers ${repr(headers)} revoked`;
}
