/**
 * The handle of a group: its members' handles in order, under the group's id.
 *
 * @module
 */

import { ImproperlyConfigured, type ResultTuple } from "@umbel/protocol";
import { forgetAll, idsBeneath } from "./beneath.ts";
import { storedLineage } from "./lineage.ts";
import { type ResultHandle, revocationIn, type RevokeOptions, tupleOf } from "./result-handle.ts";
import { type HandlesOf, ResultSet } from "./result-set.ts";
import type { ResultSource } from "./result-source.ts";
import { resultLife } from "./retention.ts";

/** The handle of a group. */
export class GroupResult<Results extends readonly unknown[] = readonly unknown[]>
  extends ResultSet<Results>
  implements ResultHandle<Results>
{
  readonly id: string;
  readonly parent: ResultHandle | null;
  /** The application that it belongs to. An empty group belongs to none, and needs none. */
  readonly source: ResultSource | undefined;

  constructor(
    source: ResultSource | undefined,
    id: string,
    options: { readonly results: readonly ResultHandle[]; readonly parent?: ResultHandle | null },
  ) {
    // Sound: the members' handles were made from the signatures whose results this tuple type lists, in that order.
    super(options.results as HandlesOf<Results>);
    this.source = source;
    this.id = id;
    this.parent = options.parent ?? null;
  }

  /**
   * Keeps the group under its id, for as long as results are kept: `restoreGroup(app, id)` finds it.
   * Throws `ImproperlyConfigured` for one without members: it belongs to no application that could keep it.
   */
  async save(): Promise<void> {
    if (this.source === undefined) {
      throw new ImproperlyConfigured(`The group ${this.id} has no members, so no application knows where to keep it`);
    }
    const { resultExpires } = resultLife(this.source.conf);
    await this.source.backend.saveGroup({ id: this.id, tuple: storedLineage(this.asTuple()) }, resultExpires);
  }

  /** Deletes what {@link save} keeps; the members' results stay. */
  async delete(): Promise<void> {
    await this.source?.backend.forget([], [this.id]);
  }

  /** Deletes what is stored for the members, the group, and all else of the canvas that the handle knows of. */
  override async forget(): Promise<void> {
    if (this.source !== undefined) await forgetAll(this.source, idsBeneath([this]));
  }

  /** Revokes every member. */
  override async revoke(options: RevokeOptions = {}): Promise<void> {
    const { terminate, canvas } = revocationIn(options);
    await this.source?.revoke(canvas ? idsBeneath([this]).ids : this.ids, terminate);
  }

  /** Celery's form of a handle (celery-wire.md 6.3). */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** Its id, and its members, each as itself. */
  override toJSON(): { readonly id: string; readonly results: readonly unknown[] } {
    return { id: this.id, ...super.toJSON() };
  }

  /** `<GroupResult: ID [ID, ID]>`. */
  override toString(): string {
    return `<GroupResult: ${this.id} [${this.ids.join(", ")}]>`;
  }

  protected override get group(): string {
    return this.id;
  }
}
