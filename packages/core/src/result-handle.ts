/**
 * What the handles of a call and of a group have in common.
 *
 * @module
 */

import {
  checkOptionNames,
  type Duration,
  GetInsideTaskError,
  type ResultMeta,
  type ResultTuple,
} from "@umbel/protocol";
import { isRecord } from "./environment.ts";
import * as kinds from "./kinds.ts";
import { checkKind, checkOptions, checkValues, type Kind, type KindsOf, orNull } from "./kinds.ts";
import { fold } from "./lineage.ts";
import type { ResultSource } from "./result-source.ts";
import { currentScope } from "./scope.ts";
import type { SentCalls } from "./sent-calls.ts";
import type { Settled } from "./settled.ts";

/** How long a wait lasts. */
export interface WaitOptions {
  /** How long to wait; the setting `resultTimeout` when not given. */
  readonly timeout?: Duration;
  /** Ends the wait early, with its reason. */
  readonly signal?: AbortSignal;
  /** Lifts the refusal to wait inside a task, for this call. */
  readonly allowJoin?: boolean;
}

/** How a wait ends. */
export interface GetOptions extends WaitOptions {
  /** False: a failure is returned as an error instead of being thrown. */
  readonly propagate?: boolean;
  /**
   * True: when it has failed, the steps before it are asked as well, all in one request, and the error of the first of
   * them that failed is thrown. What it failed of is known without that (a chain's later steps end with the failure itself,
   * a ChordError has it as its cause); this tells whose it was.
   */
  readonly followParents?: boolean;
  /** Called with id and value when a call has succeeded, or with its error where that is not thrown; awaited. */
  readonly callback?: (id: string, value: unknown) => void | Promise<void>;
  /** Called with each state that is stored meanwhile, the last one too; of a group, with each member's end. */
  readonly onMessage?: (meta: ResultMeta) => void;
}

/** What a call is revoked with. */
export interface RevokeOptions {
  /** A running attempt's signal aborts. */
  readonly terminate?: boolean;
  /** Everything else that the handle knows of is revoked too: the steps before it, members of groups. */
  readonly canvas?: boolean;
}

/** All that they say. Throws `ImproperlyConfigured` for an option that there is not. */
export function revocationIn(options: RevokeOptions): Required<RevokeOptions> {
  checkKind("What revoke() takes", kinds.record, options);
  const { terminate = false, canvas = false } = options;
  checkOptionNames("revoke()", options, { terminate, canvas });
  checkValues(options, { terminate: kinds.boolean, canvas: kinds.boolean });
  return { terminate, canvas };
}

/** Where the result of a call will be found. */
export interface Storing {
  readonly source: ResultSource;
  /** What the sender knows of the canvas. */
  readonly sent: SentCalls | undefined;
}

/** A handle of a call, or of a group: what can be said of both. */
export interface ResultHandle<out Result = unknown> {
  readonly id: string;
  /** The step before this one in a chain, the header of a chord. */
  readonly parent: ResultHandle | null;
  /** The ids of tasks that this handle itself stands for. */
  readonly ids: readonly string[];
  /** The members' handles, of a group. */
  readonly results?: readonly ResultHandle[];
  /** The application that it belongs to; a result that was never sent belongs to none. */
  readonly source?: ResultSource | undefined;
  /** Where to wait for it. Without, what became of it is known already, and `settled()` tells at once. */
  readonly storing?: Storing | undefined;
  /** Nobody keeps its value. */
  readonly ignored?: boolean;
  get(options?: GetOptions): Promise<Result>;
  settled(options?: GetOptions): Promise<Settled<unknown> | readonly Settled<unknown>[]>;
  state(): Promise<string>;
  ready(): Promise<boolean>;
  successful(): Promise<boolean>;
  failed(): Promise<boolean>;
  forget(): Promise<void>;
  revoke(options?: RevokeOptions): Promise<void>;
  asTuple(): ResultTuple;
  toString(): string;
}

/** Whether a value is a handle, of a call or of a group. */
export function isHandle(value: unknown): value is Pick<ResultHandle, "asTuple"> {
  return typeof value === "object" && value !== null && "asTuple" in value && typeof value.asTuple === "function";
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

const waitKind: Kind = [isRecord, "options, as { timeout: 10 }"];

/** What each option of a wait takes; how long it lasts is looked at when it begins. */
const waitKinds: KindsOf<GetOptions> = {
  timeout: null,
  signal: [(value) => isRecord(value) && "aborted" in value, "an AbortSignal"],
  allowJoin: kinds.boolean,
  propagate: kinds.boolean,
  followParents: kinds.boolean,
  callback: orNull(kinds.callable),
  onMessage: orNull(kinds.callable),
};

/**
 * Throws `ImproperlyConfigured` for an option that there is not; `GetInsideTaskError` when a task waits for another one: it
 * would hold its worker until the other finds one.
 */
export function checkWait(options: WaitOptions): void {
  checkKind("What a wait is given", waitKind, options);
  checkOptions(options, waitKinds, { one: "option of a wait" });
  const scope = currentScope();
  if (scope === undefined || options.allowJoin === true) return;
  throw new GetInsideTaskError(
    `${scope.request.task} waits for another task's result while it runs, and may so block itself for ever. ` +
      "Compose the two with chain() or link instead, or pass { allowJoin: true } if you know it cannot.",
  );
}
