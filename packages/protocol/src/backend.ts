/**
 * The port to the store that keeps states and results, and decides who may run what.
 *
 * Each call is one round trip. Every call may be repeated with the same arguments (clients resend lost answers) and
 * then has the same answer. The store's clock is the only one that judges leases, limits and expiry.
 *
 * Every call throws `BackendUnavailable` when the store cannot be reached, `MessageTooLargeError` for what is too large for
 * it, and `EncodeError`, before anything is stored, for what could not be stored, or not be read again.
 *
 * @module
 */

import type { KeptDirectives } from "./directives.ts";
import type { ChordPart, Effect } from "./effect.ts";
import type { EventLetter } from "./event-letter.ts";
import type { ResultMeta, ResultTuple } from "./result.ts";
import type { ClaimNotes, Sighting } from "./sighting.ts";
import type { RecordState } from "./state.ts";
import type { TerminalState } from "./terminal-state.ts";

/** Which delivery holds a task: raised by a retry, by a deliberate re-send, by the takeover of a dead lease (delivery.md 5). */
export interface Fence {
  /** Attempts of the task before this one: its retries, and the attempts of tasks that it replaced (`attemptNumber`). */
  readonly retries: number;
  readonly generation: number;
  readonly epoch: number;
}

/** Asks for the right to run an attempt. */
export interface ClaimRequest {
  readonly id: string;
  readonly retries: number;
  readonly generation: number;
  /** Random for each HTTP request: the same token gets the same answer again. */
  readonly token: string;
  /** Seconds for which the attempt is held unless it is renewed. */
  readonly lease: number;
  /**
   * Hard time limit, seconds. Found exceeded at a later claim, the task fails without being run. The holder's own token may
   * ask again with another one, which counts from then on.
   */
  readonly hardLimit?: number;
  /** Milliseconds since 1970; judged at the first claim of an attempt only. */
  readonly expires?: number;
  /** Seconds for which the record outlives this touch, at least: as everywhere here, none shortens what another has asked for. */
  readonly retention: number;
  /** Stored for readers when the answer is `run` (trackStarted). */
  readonly started?: ResultMeta;
  /** The message has come before its task is due, and is only sent on (delivery.md 19): the attempt has not begun then. */
  readonly early?: boolean;
  /** Set by a failure callback: nobody will deliver this message again, so a dead or missing holder is `lost`. */
  readonly undeliverable?: boolean;
  /** It may be begun once only: an attempt that has begun, and whose holder is gone, is `lost`. */
  readonly once?: boolean;
  /** Whoever asks begins nothing of this queue: `paused` is answered in place of `run`. */
  readonly declined?: boolean;
  /**
   * Names the canvas that is to go on after the message: a short word without spaces, the same for all messages of a canvas
   * (`c`), or of a line of calls in it (`c.l`, which is `c` as well); absent where nothing follows the message.
   */
  readonly canvas?: string;
  /** Names of texts that the message refers to: they come with an answer that gives the fence. */
  readonly load?: readonly string[];
  /** What is told to whoever watches. Without it nobody is told, and no queue is paused. */
  readonly notes?: ClaimNotes;
}

/** Why a task is not run at all. */
export type RevokedReason = "revoked" | "expired" | "terminated";

/** What whoever has to end an attempt is given. */
interface Holding {
  readonly fence: Fence;
  /** What was asked for, in order, with a gap where nothing is kept; absent when nothing was asked for. */
  readonly texts?: readonly (string | undefined)[];
}

/**
 * What a delivery may do. The first four give the claimant the fence, and so the duty to finish the task:
 * `run` runs it; `revoked`, `overdue` (its hard limit has passed) and `lost` (nobody holds it, and nobody will, or
 * may) end it without running it. `done` performs what was stored. `leased` comes back later. `superseded` has been overtaken by a
 * later attempt and is to be forgotten. Both are `untold` when this delivery is of a canvas of which no message has ended an
 * attempt, or holds one: it is another one with the task's id, and nobody else tells what follows it how the task has ended.
 * `paused`: it would run, but an operator wants nothing of this queue, or by this worker, begun, or the claimant itself declines;
 * the message is to come again later. A failure callback is never refused so, nor what is ended without being run.
 */
export type Claim = ClaimAnswer & {
  /** The directives, where the store has others than the claim's notes know; of an empty revision where it has none. */
  readonly directives?: KeptDirectives;
};

type ClaimAnswer =
  | (Holding & { readonly answer: "run" })
  | (Holding & { readonly answer: "revoked"; readonly reason: RevokedReason })
  | (Holding & { readonly answer: "overdue" })
  | (Holding & {
      readonly answer: "lost";
      /** Nobody has begun it, and it was refused as `paused` before: that has used up what the broker tries. */
      readonly wasPaused?: true;
    })
  | {
      readonly answer: "done";
      readonly state: RecordState;
      readonly effects: readonly Effect[];
      readonly untold?: true;
    }
  /** Seconds: what is left of the lease, and for how long the attempt has been running. */
  | { readonly answer: "leased"; readonly remaining: number; readonly running: number }
  | {
      readonly answer: "superseded";
      readonly untold?: true;
      /** How the later attempt has ended; absent while it runs, and from what is not untold. */
      readonly state?: RecordState;
    }
  | { readonly answer: "paused" };

/** Keeps an attempt's lease alive. */
export interface RenewRequest {
  readonly id: string;
  readonly fence: Fence;
  readonly lease: number;
  readonly retention: number;
  /** The worker is still there. Kept whatever the answer is. */
  readonly sighting?: Sighting;
}

/** Whether the attempt is still ours, and what an operator wants of it (delivery.md 6). */
export interface Renewal {
  readonly held: boolean;
  readonly revoked: boolean;
  readonly terminate: boolean;
}

/** Ends an attempt. */
export interface FinishRequest {
  readonly id: string;
  readonly fence: Fence;
  readonly state: RecordState;
  /** Stored for readers and announced; absent when results are ignored. */
  readonly result?: ResultMeta;
  readonly effects: readonly Effect[];
  /** Seconds for which the record stays, at least. */
  readonly retention: number;
  /** Seconds for which the result stays; absent: for ever. */
  readonly resultExpires?: number;
  /** The canvas of the message by which the attempt was claimed, as its claim named it: kept with the end. */
  readonly canvas?: string;
  /** Published when it is this call that stores the end. */
  readonly events?: readonly EventLetter[];
}

/** Whether this end was stored (also when an earlier call with the same fence stored it), and what was. */
export interface Finish {
  readonly applied: boolean;
  /** What is stored, whoever stored it; empty while a later holder is still at work. */
  readonly effects: readonly Effect[];
  /** The end that is stored, or will be, is another canvas's: nobody tells what follows this one of it (see {@link Claim}). */
  readonly untold?: true;
}

/** Stores an intermediate state for readers: a custom state, progress. */
export interface ProgressRequest {
  readonly id: string;
  readonly fence: Fence;
  readonly result: ResultMeta;
  readonly resultExpires?: number;
}

/** Ends a node that never ran. */
export interface SettleRequest {
  readonly id: string;
  readonly state: TerminalState;
  readonly result?: ResultMeta;
  readonly retention: number;
  readonly resultExpires?: number;
  /** The canvas that ends it, and tells all in it (see {@link ClaimRequest}): kept in place of those of earlier attempts. */
  readonly canvas?: string;
}

/** Counts a member of a chord. */
export interface JoinRequest {
  readonly group: string;
  readonly size: number;
  readonly part: ChordPart;
  /** Ids of members that this one has added: the chord is not complete before they have ended, too. */
  readonly adds?: readonly string[];
  readonly retention: number;
}

/** How a chord stands (`size` members and those that were added): all parts in header order once each member has ended, at every call from then on. */
export type ChordState =
  | { readonly complete: false; readonly ended: number }
  | { readonly complete: true; readonly parts: readonly ChordPart[] };

/** Marks tasks so that whoever claims them next revokes them. */
export interface RevokeRequest {
  readonly ids: readonly string[];
  /** Also tell a running attempt to stop, at its next renewal. */
  readonly terminate: boolean;
  /** Seconds for which the mark stays, at least. */
  readonly retention: number;
}

/** A group as it was sent: its members' ids in order. */
export interface StoredGroup {
  readonly id: string;
  readonly tuple: ResultTuple;
}

/** A text, and the name to keep it under. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * What callers and readers ask of a backend. A program that only sends calls and reads results needs no more, and its bundle
 * has no more where an adapter keeps the rest apart.
 */
export interface CallerBackend {
  readonly name: string;
  /** What is stored under each id, in order. */
  read(ids: readonly string[]): Promise<readonly (ResultMeta | undefined)[]>;
  /** Resolves with the result as soon as its state is ready; rejects with the signal's reason when it aborts first. */
  wait(id: string, signal: AbortSignal): Promise<ResultMeta>;
  /**
   * Yields what is stored under the id now (undefined when nothing is), then each change of it, and ends after a ready
   * state, or quietly when the signal aborts. Subscribes before it reads, so that no change is missed.
   */
  watch(id: string, signal: AbortSignal): AsyncIterable<ResultMeta | undefined>;
  /**
   * Follows the members of a group: what is stored with that `group_id`. Yields undefined when they are to be read, first of
   * all and whenever an end may have been missed, and each ready result as it is stored. Ends quietly when the signal aborts.
   * A Python worker's results are not among them.
   */
  watchGroup(id: string, signal: AbortSignal): AsyncIterable<ResultMeta | undefined>;
  /**
   * Deletes what is stored for readers, the groups that are kept under these other ids, and the texts under these names; a task
   * that has not run yet will still run.
   */
  forget(ids: readonly string[], groups?: readonly string[], texts?: readonly string[]): Promise<void>;
  /** Marks tasks as revoked. */
  revoke(request: RevokeRequest): Promise<void>;
  /** Keeps a group under its id. */
  saveGroup(group: StoredGroup, resultExpires?: number): Promise<void>;
  /** A group that was kept. */
  group(id: string): Promise<StoredGroup | undefined>;
  /** A small text kept under a name of ours (beat's state, control). */
  load(name: string): Promise<string | undefined>;
  /** Keeps a small text for so many seconds. */
  save(name: string, text: string, seconds: number): Promise<void>;
  /** The texts under these names, in order, with a gap where nothing is kept. */
  loadAll(names: readonly string[]): Promise<readonly (string | undefined)[]>;
  /**
   * Keeps texts that never change: a name that has one already keeps it. Each for at least so many seconds; none shortens
   * what another has asked for.
   */
  saveAll(texts: readonly NamedText[], seconds: number): Promise<void>;
  /**
   * Publishes events, and keeps them among those of the recent past. A call that is repeated may publish them twice. Absent
   * where nobody can watch.
   */
  emit?(events: readonly EventLetter[]): Promise<void>;
}

/** Keeps states and results, and decides who may run what. */
export interface Backend extends CallerBackend {
  /** Asks for the right to run an attempt. */
  claim(request: ClaimRequest): Promise<Claim>;
  /** Keeps the lease; tells whether the attempt is still held and whether it was revoked. */
  renew(request: RenewRequest): Promise<Renewal>;
  /** Stores an intermediate state; false when the fence is old. */
  progress(request: ProgressRequest): Promise<boolean>;
  /** Stores how an attempt ended and what follows, once. */
  finish(request: FinishRequest): Promise<Finish>;
  /** Stores an end for nodes that will not run, unless they have one. */
  settle(requests: readonly SettleRequest[]): Promise<void>;
  /** Counts a member of a chord. */
  join(request: JoinRequest): Promise<ChordState>;
}
