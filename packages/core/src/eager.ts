/**
 * Calls that run in the process that makes them, before their handles are returned: the setting `taskAlwaysEager`, and
 * `apply()`.
 *
 * They take the way that all calls take, with a broker and a store of their own that are nothing but this process's memory.
 * What runs them is a worker's code, which programs that only send calls must not carry along: it is loaded when it is
 * first needed.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { applySignature } from "./apply.ts";
import type { ResultHandle } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { SignatureCall, SignatureSender } from "./signature.ts";
import type { CallOptions } from "./task-options.ts";

/** What `apply()` takes: the options of a call. There is no broker, and nothing waits: when and where say nothing. */
export interface EagerOptions extends CallOptions {
  /** Throws what a task fails of, once all has run; the setting `taskEagerPropagates` when not given. */
  readonly throw?: boolean;
}

/** How a call is made that runs here. */
export interface EagerCall {
  readonly propagates?: boolean;
}

/** An application, as what runs its calls here sees it. */
export type EagerCaller = CallingApplication & ResultSource & SignatureSender;

/** One call, and all that comes of it. */
export interface EagerRun {
  /** The application, but that its broker keeps what is sent for this run, and its backend is this process's memory. */
  readonly app: EagerCaller;
  /** Runs what was sent, and what follows, until nothing does; returns what tasks have failed of, the first one first. */
  finish(): Promise<readonly unknown[]>;
}

/** Sends a signature by an application. */
export type ApplyHere = (app: EagerCaller, wire: Signature, call: SignatureCall) => Promise<ResultHandle>;

/** Opens a run; what tasks in it send to their own canvas goes by `applyHere`. */
export type OpenEagerRun = (app: EagerCaller, applyHere: ApplyHere) => EagerRun;

/**
 * Makes a call and runs it. Throws what {@link applySignature} throws before anything runs; afterwards, where failures are
 * propagated, what the first task failed of.
 */
export async function applyEagerly(
  open: OpenEagerRun,
  app: EagerCaller,
  { wire, call }: { readonly wire: Signature; readonly call: SignatureCall },
): Promise<ResultHandle> {
  const run = open(app, applySignature);
  const handle = await applySignature(run.app, wire, call);
  const failures = await run.finish();
  const propagates = call.eager?.propagates ?? app.conf.taskEagerPropagates;
  if (propagates && failures.length > 0) throw failures[0];
  return handle;
}
