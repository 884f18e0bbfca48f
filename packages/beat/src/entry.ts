/**
 * What beat sends, and when, as an application writes it. Types only.
 *
 * @module
 */

import type { PeriodicArguments, PeriodicEntry } from "@umbel/core";

/** One call that is sent again and again. */
export type BeatEntry = PeriodicEntry;

/** Entries by name. A name is part of the ids of what is sent: renamed, an entry is a new one. */
export type BeatEntries = Readonly<Record<string, BeatEntry>>;

/** An entry of this task, or signature, or name of a task: with the arguments that it takes, as far as the compiler knows. */
export type EntryFor<T> = Omit<BeatEntry, "task" | "args" | "kwargs"> & { readonly task: T } & PeriodicArguments<T>;

/** Entries by name, each of the task of that name in `T`. */
export type EntriesFor<T> = { readonly [Name in keyof T]: EntryFor<T[Name]> };
