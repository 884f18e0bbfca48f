/**
 * Handles taken together: their states in one reading, their results by few requests however many they are.
 *
 * @module
 */

import { ImproperlyConfigured, type UmbelError } from "@umbel/protocol";
import { forgetAll, idsBeneath } from "./beneath.ts";
import { endsNow, endsOf, leavesOf } from "./ends.ts";
import { membersAsTheyEnd } from "./members-as-they-end.ts";
import { type GetOptions, type ResultHandle, revocationIn, type RevokeOptions } from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { Settled } from "./settled.ts";
import { shownAsText } from "./shown.ts";

/** Handles of members: each of what its result is. */
export type HandlesOf<Results extends readonly unknown[]> = { readonly [K in keyof Results]: ResultHandle<Results[K]> };

/** What `get({ propagate: false })` returns: an error in the place of a member that has failed. */
export type ResultsOrErrors<Results extends readonly unknown[]> = { [K in keyof Results]: Results[K] | UmbelError };

/** Handles taken together, of one application or of several. */
export class ResultSet<const Results extends readonly unknown[] = readonly unknown[]> {
  #results: readonly ResultHandle[];

  constructor(results: HandlesOf<Results>) {
    this.#results = results;
  }

  /** The members' handles, in order. */
  get results(): HandlesOf<Results> {
    // Sound: the members' handles were given by the type that lists their results, and each that is added fits it.
    return this.#results as HandlesOf<Results>;
  }

  /** How many members it has. */
  get length(): number {
    return this.#results.length;
  }

  /** Adds a member, unless it is one. */
  add(result: ResultHandle<Results[number]>): void {
    this.update([result]);
  }

  /** Adds members, those that are none yet. */
  update(results: readonly ResultHandle<Results[number]>[]): void {
    const ids = new Set(this.#results.map(({ id }) => id));
    const isNew = ({ id }: ResultHandle): boolean => ids.size < ids.add(id).size;
    this.#results = [...this.#results, ...results.filter(isNew)];
  }

  /** Takes a member away, by handle or id. Throws `ImproperlyConfigured` when it is none. */
  remove(result: ResultHandle | string): void {
    const before = this.length;
    this.discard(result);
    if (this.length < before) return;
    throw new ImproperlyConfigured(`${typeof result === "string" ? result : result.id} is not in the set`);
  }

  /** Takes a member away, if it is one. */
  discard(result: ResultHandle | string): void {
    const gone = typeof result === "string" ? result : result.id;
    this.#results = this.#results.filter(({ id }) => id !== gone);
  }

  /** Takes all members away. */
  clear(): void {
    this.#results = [];
  }

  /**
   * Waits for all members and returns their values in order. Throws what the first member threw that failed, as soon as it
   * did; with `propagate: false` its error stands in its place. A member whose value nobody keeps is undefined.
   */
  async get(options: GetOptions & { readonly propagate: false }): Promise<ResultsOrErrors<Results>>;
  async get(options?: GetOptions): Promise<Results>;
  async get(options: GetOptions = {}): Promise<Results | ResultsOrErrors<Results>> {
    const values = this.#results.map<unknown>(() => undefined);
    for await (const [index, value] of this.iterate(options)) {
      values[index] = value;
      await options.callback?.(this.#results[index]?.id ?? "", value);
    }
    // Sound: the members' handles are typed by the same list, in the same order.
    return values as readonly unknown[] as Results;
  }

  /** {@link get}, by Celery's other name. */
  async join(options: GetOptions = {}): Promise<Results> {
    return await this.get(options);
  }

  /**
   * Members as they end, not in order: `for await (const [index, value] of set.iterate())`. Throws as {@link get} does.
   */
  iterate(options: GetOptions = {}): AsyncGenerator<readonly [index: number, value: Results[number]], void> {
    return membersAsTheyEnd(this.#results, { ...options, group: this.group });
  }

  /** Waits for all members and returns what became of each, nested groups' in their place. Throws `TimeoutError`. */
  async settled(options: GetOptions = {}): Promise<readonly Settled<unknown>[]> {
    const ends = new Map<ResultHandle, Settled<unknown>>();
    for await (const [leaf, settled] of endsOf(this.#results, { ...options, group: this.group }))
      ends.set(leaf, settled);
    return leavesOf(this.#results).flatMap((leaf) => ends.get(leaf) ?? []);
  }

  /** PENDING until all members have ended, then FAILURE or REVOKED when one of them has ended so, else SUCCESS. */
  async state(): Promise<string> {
    const states = await this.#states();
    if (states.includes("PENDING")) return "PENDING";
    return ["FAILURE", "REVOKED"].find((state) => states.includes(state)) ?? "SUCCESS";
  }

  /** Whether all members have ended. */
  async ready(): Promise<boolean> {
    return !(await this.waiting());
  }

  /** Whether any member has not ended. */
  async waiting(): Promise<boolean> {
    return (await this.#states()).includes("PENDING");
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

  /** Throws the error of the first member, in order, that has failed or was revoked. Does not wait. */
  async maybeThrow(): Promise<void> {
    for (const settled of await endsNow(this.#results)) {
      if (settled !== undefined && settled.state !== "SUCCESS") throw settled.error;
    }
  }

  /** Deletes what is stored for the members, and for all else of their canvases that the handles know of. */
  async forget(): Promise<void> {
    for (const [source, handles] of bySource(this.#results)) await forgetAll(source, idsBeneath(handles));
  }

  /** Revokes every member. */
  async revoke(options: RevokeOptions = {}): Promise<void> {
    const { terminate, canvas } = revocationIn(options);
    for (const [source, handles] of bySource(this.#results)) {
      await source.revoke(canvas ? idsBeneath(handles).ids : handles.flatMap(({ ids }) => ids), terminate);
    }
  }

  /** The ids of tasks that the members stand for. */
  get ids(): readonly string[] {
    return this.#results.flatMap((each) => each.ids);
  }

  /** The members, each as itself. */
  toJSON(): { readonly results: readonly unknown[] } {
    return { results: this.#results };
  }

  /** `<ResultSet: [ID, ID]>`. */
  toString(): string {
    return `<ResultSet: [${this.ids.join(", ")}]>`;
  }

  /** Id of the group that all members belong to, if they belong to one. */
  protected get group(): string | undefined {
    return undefined;
  }

  /** SUCCESS, FAILURE, REVOKED, or PENDING for whatever has not ended. */
  async #states(): Promise<readonly string[]> {
    return (await endsNow(this.#results)).map((settled) => settled?.state ?? "PENDING");
  }
}

shownAsText(ResultSet.prototype);

/** The handles that each application is asked about. One that no store knows of has no application. */
function bySource(results: readonly ResultHandle[]): ReadonlyMap<ResultSource, readonly ResultHandle[]> {
  const found = new Map<ResultSource, ResultHandle[]>();
  for (const each of results) {
    if (each.source === undefined) continue;
    const own = found.get(each.source) ?? [];
    own.push(each);
    found.set(each.source, own);
  }
  return found;
}
