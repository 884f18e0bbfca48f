/**
 * The port to where the entries of a schedule are kept, with what has been sent for them.
 *
 * It knows names, instants and texts; what a text says is the business of whoever keeps it. Nothing in it expires. Names are
 * in the order of their code points, which is that of their bytes in UTF-8.
 *
 * Each call is one round trip, and may be repeated with the same arguments: clients resend lost answers. Every call throws
 * `BackendUnavailable` when the store cannot be reached, and `MessageTooLargeError` for what is too large for it.
 *
 * @module
 */

/** An entry as it is kept. */
export interface StoredEntry {
  readonly name: string;
  /** Whoever changes the entry gives it another; random, so that no two writers ever give the same. */
  readonly version: string;
  readonly text: string;
  /** When it is to be looked at next, milliseconds since 1970; absent: not before it is changed. */
  readonly next?: number;
}

/** Asks for what is to be looked at. */
export interface DueRequest {
  /** Name of the application; each has entries of its own. */
  readonly app: string;
  /** Seconds ahead of the store's clock. */
  readonly within: number;
  /** Most entries in the answer. Where texts are long a store may give fewer, but at least one. */
  readonly limit: number;
  /** So many of the first are left out: those that whoever asks has seen, and that are due still. None when absent. */
  readonly skip?: number;
}

/** What is to be looked at. */
export interface DueEntries {
  /** The store's clock, milliseconds since 1970: the one by which every beat judges what is due. */
  readonly now: number;
  /** What was last kept as the plan. */
  readonly plan?: string;
  /** Those whose `next` is not beyond the asked seconds; the earliest first, of one instant by name. */
  readonly entries: readonly StoredEntry[];
  /** Whether more are due than it has given. */
  readonly more: boolean;
}

/** Asks for entries by name, or for a page of all. */
export interface EntriesRequest {
  readonly app: string;
  /** Those that are there of these, in this order. When absent: all, by name. */
  readonly names?: readonly string[];
  /** Of all, those whose name comes after this one. */
  readonly after?: string;
  /** Of all, most entries in the answer. Where texts are long a store may give fewer, but at least one. */
  readonly limit?: number;
}

/** Entries, and the instant at which they were read. */
export interface Entries {
  /** The store's clock, milliseconds since 1970. */
  readonly now: number;
  readonly entries: readonly StoredEntry[];
  /** Whether there are more behind the last one. */
  readonly more: boolean;
}

/** Replaces, adds or removes an entry, if nobody else has done so since it was read. */
export interface EntryChange {
  readonly name: string;
  /**
   * The version that was read; absent: there is no such entry yet. Nothing is kept of what is removed: an addition that is
   * repeated after somebody else has removed the entry brings it back.
   */
  readonly expected?: string;
  /** What it becomes; absent: it is removed. */
  readonly entry?: Omit<StoredEntry, "name">;
}

/** Changes entries. */
export interface ChangeRequest {
  readonly app: string;
  /** Each of another name. */
  readonly changes: readonly EntryChange[];
  /** Kept as the plan from now on, whatever becomes of the changes; absent: what is kept stays. */
  readonly plan?: string;
}

/** What became of each change, in order. */
export interface Changed {
  /** The store's clock, milliseconds since 1970. */
  readonly now: number;
  /**
   * Whether the entry is now as the change says: it was made, by this call or by an earlier one that was the same; what was to
   * be removed is not there. False: somebody else was there first, and nothing was changed.
   */
  readonly applied: readonly boolean[];
}

/** Where entries are kept. Changes to entries of one application are atomic, each by itself. */
export interface ScheduleStore {
  readonly name: string;
  /** Bytes of a request as JSON that it takes in one call, at least; any number when absent. Who has more makes several calls. */
  readonly maxRequestSize?: number;
  /** What is to be looked at now, or soon. */
  due(request: DueRequest): Promise<DueEntries>;
  /** Entries, due or not. */
  entries(request: EntriesRequest): Promise<Entries>;
  /** Changes entries, each for itself. */
  change(request: ChangeRequest): Promise<Changed>;
}
