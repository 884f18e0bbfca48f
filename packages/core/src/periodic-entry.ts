/**
 * A call that is sent again and again, as an application writes it. Types only: `umbel/beat` reads and sends them.
 *
 * @module
 */

import type { Duration, Signature as WireSignature } from "@umbel/protocol";
import type { Kwargs, NamedOf, NoKwargs, OptionsOf } from "./named.ts";
import type { AnySignature, InputOf } from "./signature.ts";
import type { AnyTask } from "./task.ts";

/**
 * When: a schedule, as `crontab()` makes it; seconds, or a text such as `"5m"`; the parts of a time span, as Python's
 * `timedelta` takes them; a line of a crontab, of five fields, or of six with the seconds first; the form in which a schedule
 * is kept.
 */
export type When = Duration | TimeSpan | ScheduleLike | ScheduleFormLike;

/** Parts of a time span; with `relative` it is counted from full units, as midnight. */
export interface TimeSpan {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly relative?: boolean;
}

/** What has a next instant. */
export interface ScheduleLike {
  next(after: Date, timezone?: string): Date | undefined;
}

/** What a schedule's `toJSON` gives, by its type; the rest of it is looked at where it is read. */
export interface ScheduleFormLike {
  readonly type: string;
}

/** What becomes of runs that were missed: none is sent, the latest one, or all, oldest first. */
export type CatchupPolicy = "skip" | "once" | "all";

/** The same, with bounds. */
export interface Catchup {
  readonly policy: CatchupPolicy;
  /** How old a missed run may be; the setting `beatCronStartingDeadline` when absent, as it is when an entry is added. */
  readonly within?: Duration;
  /** Most missed runs that are sent, the latest ones; 100 when absent, 10,000 at most. */
  readonly limit?: number;
}

/** What becomes of a run that is due while the last one has not ended. */
export type Overlap = "allow" | "skip" | "cancel";

/** Something, or what makes it each time that it is needed. */
export type Lazily<Value> = Value | (() => Value);

/** Options of each call, whose id is beat's own. What is in seconds is counted from the instant that the run is for. */
export type PeriodicCallOptions = Omit<OptionsOf<never>, "taskId" | "eta">;

/** How an entry runs, beside what it calls and when. */
export interface PeriodicRules {
  /** An IANA name, as `Europe/Oslo`; the setting `timezone` when absent: of what is added at run time, as it is then. */
  readonly timezone?: string;
  /** Runs that were missed. Default `"once"`. */
  readonly catchup?: CatchupPolicy | Catchup;
  /** Default `"allow"`. Anything else sends a run when it is due, and not ahead. */
  readonly overlap?: Overlap;
  /** It is due at no instant before. */
  readonly startAt?: Date;
  /** It is due at no instant after. A run of before then may begin later, by its `jitter` or its `countdown`. */
  readonly endAt?: Date;
  /** Each run is late by less than so many seconds; by how many follows from its id. A day at most. */
  readonly jitter?: Duration;
  /** False: nothing is sent. */
  readonly enabled?: boolean;
}

/** A call that is sent again and again. */
export interface PeriodicEntry extends PeriodicRules {
  /** A task, a signature, a canvas, the name of a task that is declared here, or a signature in Celery's form. */
  readonly task: AnyTask | AnySignature | WireSignature | string;
  readonly schedule: When;
  /** Arguments; of a signature they come before those that it has. A function is called for each run that is sent. */
  readonly args?: Lazily<readonly unknown[]>;
  /** Named arguments, which win over those of a signature. */
  readonly kwargs?: Lazily<Kwargs>;
  readonly options?: PeriodicCallOptions;
}

/** What `app.addPeriodicTask` takes besides: an entry's rules, and options of each call. */
export interface PeriodicOptions extends PeriodicRules, PeriodicCallOptions {
  /** The entry's name; the signature's text when absent. */
  readonly name?: string;
  readonly args?: PeriodicEntry["args"];
  readonly kwargs?: PeriodicEntry["kwargs"];
}

/** What `app.addPeriodicTask` was given. */
export interface AddedEntry {
  readonly name: string;
  readonly schedule: When;
  readonly task: AnySignature;
  readonly options: PeriodicOptions;
}

/** What it takes for a signature of this type: arguments that it lacks have to be there. */
export type PeriodicOptionsOf<S> =
  PeriodicArguments<S> extends infer Given
    ? Record<never, never> extends Given
      ? [options?: Unargued & Given]
      : [options: Unargued & Given]
    : never;

type Unargued = Omit<PeriodicOptions, "args" | "kwargs">;

/** What an entry of this task or signature is given, as far as the compiler knows. Of what has only a name that is nothing. */
export type PeriodicArguments<T> = [T] extends [string | WireSignature]
  ? Unknown
  : string extends T
    ? Unknown
    : Known<TakenBy<T>, NamedOf<T>>;

type Unknown = Pick<PeriodicEntry, "args" | "kwargs">;

type Known<In, N> = [In] extends [never] ? Unknown : Placed<In, N> & Named<N>;

/** Where places have names (`params`), what is not given by place may be given by name. */
type Placed<In, N> = [] extends In
  ? { readonly args?: ListOf<In> }
  : string extends keyof N
    ? { readonly args?: ListOf<Partial<In>> }
    : { readonly args: ListOf<In> };

/** The compiler asks of a function only that what is in its list may be an argument: how many there are is seen when it is called. */
type ListOf<In> = Readonly<In> | (() => In extends readonly (infer Argument)[] ? readonly Argument[] : never);

type Named<N> = NoKwargs extends N ? { readonly kwargs?: Lazily<N> } : { readonly kwargs: Lazily<N> };

/** What a task, or a signature, is called with. */
type TakenBy<T> = T extends TaskOf<infer P> ? P : InputOf<T>;

interface TaskOf<P extends readonly unknown[]> {
  si(...args: P): unknown;
}
