/**
 * What the handles of a call and of a group have in common.
 *
 * @module
 */

import { type Duration, GetInsideTaskError, type ResultTuple, type UmbelError } from "@umbel/protocol";
import { fold } from "./lineage.ts";
import { currentScope } from "./scope.ts";

/** How a wait ends. */
export interface GetOptions {
  /** How long to wait; the setting `resultTimeout` when not given. */
  readonly timeout?: Duration;
  /** False: a failure is returned as an error instead of being thrown. */
  readonly propagate?: boolean;
  /** Ends the wait early, with its reason. */
  readonly signal?: AbortSignal;
  /** Lifts the refusal to wait inside a task, for this call. */
  readonly allowJoin?: boolean;
}

/** What became of a call, as a value. */
export type Settled<Result> =
  | { readonly state: "SUCCESS"; readonly result: Result }
  | { readonly state: "FAILURE" | "REVOKED"; readonly error: UmbelError };

/** A handle of a call, or of a group: what can be said of both. */
export interface ResultHandle<out Result = unknown> {
  readonly id: string;
  /** The step before this one in a chain, the header of a chord. */
  readonly parent: ResultHandle | null;
  /** The ids of tasks that this handle itself stands for. */
  readonly ids: readonly string[];
  /** The members' handles, of a group. */
  readonly results?: readonly ResultHandle[];
  get(options?: GetOptions): Promise<Result>;
  settled(options?: GetOptions): Promise<Settled<unknown> | readonly Settled<unknown>[]>;
  state(): Promise<string>;
  ready(): Promise<boolean>;
  successful(): Promise<boolean>;
  failed(): Promise<boolean>;
  forget(): Promise<void>;
  revoke(options?: { readonly terminate?: boolean }): Promise<void>;
  asTuple(): ResultTuple;
}

/** Ids of a handle and of all before it, groups included. */
export function lineOf(result: ResultHandle | null): readonly string[] {
  const ids: string[] = [];
  for (let at = result; at !== null; at = at.parent) {
    for (const id of at.ids) ids.push(id);
  }
  return ids;
}

/** Celery's form of a handle and of all before it (celery-wire.md 6.3). */
export function tupleOf(result: ResultHandle): ResultTuple {
  const before: ResultHandle[] = [];
  for (let at = result.parent; at !== null; at = at.parent) before.push(at);
  return fold<ResultHandle, ResultTuple>(result, before, ({ id, results }, parent) => [
    [id, parent],
    results?.map((each) => each.asTuple()) ?? null,
  ]);
}

/** Throws when a task waits for another one: it would hold its worker until the other finds one. */
export function refuseInsideTask(options: GetOptions): void {
  const scope = currentScope();
  if (scope === undefined || options.allowJoin === true) return;
  throw new GetInsideTaskError(
    `${scope.request.task} waits for another task's result while it runs, and may so block itself for ever. ` +
      "Compose the two with chain() or link instead, or pass { allowJoin: true } if you know it cannot.",
  );
}
