/**
 * The handle of a group: its members' handles in order.
 *
 * @module
 */

import { isReady, type ResultTuple, type UmbelError } from "@umbel/protocol";
import {
  type GetOptions,
  lineOf,
  refuseInsideTask,
  type ResultHandle,
  type Settled,
  tupleOf,
} from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";

/** Handles of a group's members: each of what its result is. */
export type HandlesOf<Results extends readonly unknown[]> = { readonly [K in keyof Results]: ResultHandle<Results[K]> };

/** What `get({ propagate: false })` returns: an error in the place of a member that has failed. */
export type ResultsOrErrors<Results extends readonly unknown[]> = { [K in keyof Results]: Results[K] | UmbelError };

/** The handle of a group. */
export class GroupResult<Results extends readonly unknown[] = readonly unknown[]> implements ResultHandle<Results> {
  readonly id: string;
  /** The members' handles, in order. */
  readonly results: HandlesOf<Results>;
  readonly parent: ResultHandle | null;
  /** An empty group belongs to no application, and needs none. */
  readonly #source: ResultSource | undefined;

  constructor(
    source: ResultSource | undefined,
    id: string,
    options: { readonly results: readonly ResultHandle[]; readonly parent?: ResultHandle | null },
  ) {
    this.#source = source;
    this.id = id;
    // Sound: the members' handles were made from the signatures whose results this tuple type lists, in that order.
    this.results = options.results as HandlesOf<Results>;
    this.parent = options.parent ?? null;
  }

  /**
   * Waits for all members and returns their values in order. Throws what the first failed member's `get()` throws; with
   * `propagate: false` its error stands in its place.
   */
  async get(options: GetOptions & { readonly propagate: false }): Promise<ResultsOrErrors<Results>>;
  async get(options?: GetOptions): Promise<Results>;
  async get(options: GetOptions = {}): Promise<Results | ResultsOrErrors<Results>> {
    refuseInsideTask(options);
    const values = await allOf(options, (each) => this.results.map(async (member) => await member.get(each)));
    // Sound: the members' handles are typed by the same list, in the same order.
    return values as Results;
  }

  /** Waits for all members and returns what became of each, nested groups in their place. Throws `TimeoutError`. */
  async settled(options: GetOptions = {}): Promise<readonly Settled<unknown>[]> {
    refuseInsideTask(options);
    const ends = await allOf(options, (each) => this.results.map(async (member) => await member.settled(each)));
    return ends.flat();
  }

  /** PENDING until all members have ended, then FAILURE or REVOKED when one of them has ended so, else SUCCESS. */
  async state(): Promise<string> {
    const states = await this.#states();
    if (!states.every(isEnded)) return "PENDING";
    return ["FAILURE", "REVOKED"].find((state) => states.includes(state)) ?? "SUCCESS";
  }

  /** Whether all members have ended. */
  async ready(): Promise<boolean> {
    return (await this.#states()).every(isEnded);
  }

  /** Whether all members ended in SUCCESS. */
  async successful(): Promise<boolean> {
    return (await this.#states()).every((state) => state === "SUCCESS");
  }

  /** Whether any member failed. */
  async failed(): Promise<boolean> {
    return (await this.#states()).includes("FAILURE");
  }

  /** How many members succeeded so far. */
  async completedCount(): Promise<number> {
    return (await this.#states()).filter((state) => state === "SUCCESS").length;
  }

  /** Deletes what is stored for the members and for the steps before the group. */
  async forget(): Promise<void> {
    await this.#source?.backend.forget(lineOf(this));
  }

  /** Revokes every member. */
  async revoke(options: { readonly terminate?: boolean } = {}): Promise<void> {
    await this.#source?.revoke(this.ids, options.terminate ?? false);
  }

  /** The ids that this handle itself stands for. */
  get ids(): readonly string[] {
    return this.results.flatMap((each) => each.ids);
  }

  /** Celery's form of a handle (celery-wire.md 6.3). */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** `<GroupResult: ID [ID, ID]>`. */
  toString(): string {
    return `<GroupResult: ${this.id} [${this.ids.join(", ")}]>`;
  }

  /** All members' states in one round trip; undefined where nothing is known. */
  async #states(): Promise<readonly (string | undefined)[]> {
    const metas = await this.#source?.backend.read(this.ids);
    return (metas ?? []).map((meta) => meta?.status);
  }
}

/** Waits for all of them; for none any more once one has thrown. */
async function allOf<Value>(
  options: GetOptions,
  wait: (options: GetOptions) => readonly Promise<Value>[],
): Promise<readonly Value[]> {
  const over = new AbortController();
  const outer = options.signal === undefined ? [] : [options.signal];
  try {
    return await Promise.all(wait({ ...options, signal: AbortSignal.any([over.signal, ...outer]) }));
  } finally {
    over.abort();
  }
}

function isEnded(state: string | undefined): boolean {
  return state !== undefined && isReady(state);
}
