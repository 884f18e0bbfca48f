/**
 * Asks a worker what it is, and whether it would take a push.
 *
 * @module
 */

import { networkCode } from "@umbel/protocol";
import type { AccountKeys } from "@umbel/qstash";
import { lineOf } from "../failure.ts";
import { clockOfAnswer } from "./clock.ts";
import type { Finding } from "./finding.ts";

/** A worker, as `GET` of its address answers. */
export interface Host {
  readonly target: string;
  readonly app: string;
  readonly worker: string;
  readonly tasks: readonly string[];
  /** The queues that it was told to serve; all when it says none. */
  readonly queues?: readonly string[];
}

/** A worker that is there, and takes nothing from this broker. */
export class PushRefused extends Error {}

/** Another server: a path or a port is wrong. */
export class Stranger extends Error {}

/** What came of asking. */
export interface Asked {
  readonly said: Host | Error;
  /** That its clock is wrong, or ours. */
  readonly clock?: Finding;
}

/** Asks it with a signature as its pushes have one, where there are keys: it says what it would say to a push. */
export async function askWorker(target: string, keys: AccountKeys | undefined): Promise<Asked> {
  const asked = Date.now();
  try {
    const headers = keys && { "upstash-signature": await keys.sign(target, asked) };
    const answer = await fetch(target, { ...(headers && { headers }), signal: AbortSignal.timeout(10_000) });
    const clock = clockOfAnswer(`that of ${target}`, answer, asked);
    return { said: await hostIn(answer, target), ...(clock && { clock }) };
  } catch (error) {
    const { cause }: { readonly cause?: unknown } = Object(error);
    return { said: new Error(`${target} cannot be reached: ${networkCode(error) ?? lineOf(cause ?? error)}`) };
  }
}

async function hostIn(answer: Response, target: string): Promise<Host | Error> {
  const { app, worker, tasks, queues, code, detail = answer.statusText } = await saidIn(answer);
  if (code === "SIGNATURE") return new PushRefused(`${target} refuses pushes: ${detail.replace(/^[\w-]+: /, "")}`);
  if (!answer.ok && code !== undefined) return new Error(`${target} answers ${answer.status}: ${detail}`);
  const isWorker = answer.ok && app !== undefined && worker !== undefined && Array.isArray(tasks);
  if (!isWorker) return new Stranger(`what answers at ${target} is no Umbel worker (${answer.status})`);
  const served = Array.isArray(queues) ? { queues: queues.map(String) } : {};
  return { target, app, worker, tasks, ...served };
}

/** What a worker says of itself, or of what is wrong with it: problems of ours have a code. */
interface Said extends Partial<Host> {
  readonly code?: string;
  readonly detail?: string;
}

/** Nothing where it is no JSON: any server may answer at a wrong address. */
async function saidIn(answer: Response): Promise<Said> {
  const text = await answer.text();
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
