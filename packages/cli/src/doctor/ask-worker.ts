/**
 * Asks a worker what it is, and whether it would take a push.
 *
 * @module
 */

import { networkCode } from "@umbel/protocol";
import type { AccountKeys } from "@umbel/qstash";
import { lineOf } from "../failure.ts";

/** A worker, as `GET` of its address answers. */
export interface Host {
  readonly target: string;
  readonly app: string;
  readonly worker: string;
  readonly tasks: readonly string[];
}

/** A worker that is there, and takes nothing from this broker. */
export class PushRefused extends Error {}

/** Asks it with a signature as its pushes have one, where there are keys: it says what it would say to a push. */
export async function askWorker(target: string, keys: AccountKeys | undefined): Promise<Host | Error> {
  try {
    const headers = keys && { "upstash-signature": await keys.sign(target, Date.now()) };
    const answer = await fetch(target, { ...(headers && { headers }), signal: AbortSignal.timeout(10_000) });
    return await hostIn(answer, target);
  } catch (error) {
    const { cause }: { readonly cause?: unknown } = Object(error);
    return new Error(`${target} cannot be reached: ${networkCode(error) ?? lineOf(cause ?? error)}`);
  }
}

async function hostIn(answer: Response, target: string): Promise<Host | Error> {
  const said: Partial<Host> & { readonly code?: string; readonly detail?: string } = await answer.json();
  const { app, worker, tasks, code, detail = answer.statusText } = said;
  if (code === "SIGNATURE") return new PushRefused(`${target} refuses pushes: ${detail.replace(/^[\w-]+: /, "")}`);
  if (!answer.ok) return new Error(`${target} answers ${answer.status}: ${detail}`);
  const isWorker = app !== undefined && worker !== undefined && Array.isArray(tasks);
  return isWorker ? { target, app, worker, tasks } : new Error(`${target} is no worker of Umbel`);
}
