/**
 * A task's delivery record, and who may hold it: the algorithm of delivery.md 5 to 11 in its readable form.
 *
 * Every function here is pure: a record and a moment in, a record and an answer out. The scripts of the Redis adapter do
 * the same in one step of the store.
 *
 * @module
 */

import type {
  Claim,
  ClaimRequest,
  Effect,
  Fence,
  Finish,
  FinishRequest,
  RecordState,
  Renewal,
  RenewRequest,
  SettleRequest,
} from "@umbel/protocol";
import { isTerminal } from "@umbel/protocol";

/** An answer that makes its claimant the holder. */
type HeldClaim = Extract<Claim, { readonly fence: Fence }>;

/** Who may finish the task. */
interface Holder {
  readonly fence: Fence;
  readonly token: string;
  /** What the holder was told to do. */
  readonly claim: HeldClaim;
  /** From this instant on another delivery may take over; milliseconds, as every instant here. */
  readonly leaseUntil: number;
  /** When the body was last started in this attempt; absent while it never was. */
  readonly startedAt: number | undefined;
  /** Seconds. */
  readonly hardLimit: number | undefined;
  /** It only sends the message on. */
  readonly isEarly: boolean;
  /** Of its message. */
  readonly canvas: string | undefined;
}

/** How an attempt ended, and what follows. */
interface End {
  readonly state: RecordState;
  readonly effects: readonly Effect[];
}

/** What is kept of a task's deliveries: nothing of a task that nobody has heard of. */
export interface TaskRecord {
  /** Absent when the task was only marked or settled. */
  readonly holder?: Holder | undefined;
  /** How the holder's attempt ended; absent while it runs. */
  readonly end?: End;
  /** An operator's wish, which outlives attempts. */
  readonly mark?: "revoked" | "terminated" | undefined;
  /** It was refused as `paused` since it was last held. */
  readonly wasPaused?: true;
  /** Those of the messages by which its attempts have ended. */
  readonly canvases?: readonly string[] | undefined;
  /** What was told of the task by the last claim that told something. */
  readonly about?: string | undefined;
}

/** A record after a step, and what the step answers. */
export interface Step<Answer> {
  readonly record: TaskRecord;
  readonly answer: Answer;
}

/** What a claim meets. */
export interface ClaimMoment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** An operator wants nothing like it begun, or the claimant declines. */
  readonly isPaused: boolean;
}

/** Judges a delivery: gives it the task, or says why not. */
export function claim(record: TaskRecord, request: ClaimRequest, moment: ClaimMoment): Step<Claim> {
  const { holder, end } = record;
  if (!holder) return end ? { record, answer: doneOf(record, end, request) } : take(record, request, moment);

  const order = compareAttempts(request, holder.fence);
  if (order < 0) return { record, answer: supersededOf(record, request) };
  if (end) {
    const isOver = order === 0 || isClosed(record, end.state, request);
    return isOver ? { record, answer: doneOf(record, end, request) } : take(record, request, moment);
  }
  if (order === 0 && request.token === holder.token) return tellAgain(record, holder, request);
  if (moment.now < holder.leaseUntil) return { record, answer: leased(holder, moment.now) };
  return take(record, request, moment);
}

/** Keeps the lease for whoever still holds the task. */
export function renew(record: TaskRecord, request: RenewRequest, now: number): Step<Renewal> {
  const { holder } = record;
  const answer = { revoked: record.mark !== undefined, terminate: record.mark === "terminated" };
  if (!holder || !isHeld(record, request.fence)) return { record, answer: { held: false, ...answer } };
  const leaseUntil = now + request.lease * 1000;
  return { record: { ...record, holder: { ...holder, leaseUntil } }, answer: { held: true, ...answer } };
}

/** Ends the holder's attempt; a repeated finish gets its first answer. */
export function finish(record: TaskRecord, request: FinishRequest): Step<Finish> {
  const { holder, end } = record;
  const isHolder = holder !== undefined && isSame(holder.fence, request.fence);
  if (!isHolder) return { record, answer: { applied: false, effects: end?.effects ?? [], ...debtOf(record, request) } };
  if (end) return { record, answer: { applied: true, effects: end.effects } };
  const { state, effects } = request;
  const ended = { ...record, end: { state, effects }, canvases: withCanvas(record, request) };
  return { record: ended, answer: { applied: true, effects } };
}

/** Ends a task that is not to run, unless it has ended; a live holder is fenced off. */
export function settle(record: TaskRecord, { state, canvas }: Pick<SettleRequest, "state" | "canvas">): Step<void> {
  const { holder, end } = record;
  if (end && isTerminal(end.state)) return { record, answer: undefined };
  const fenced = holder && { ...holder, fence: { ...holder.fence, epoch: holder.fence.epoch + 1 } };
  // Whoever has had attempts at it in another canvas has told nobody of this end.
  const canvases = canvas === undefined ? [] : [canvas];
  return { record: { ...record, holder: fenced, end: { state, effects: [] }, canvases }, answer: undefined };
}

/** Marks a task; that it shall be terminated is not taken back. */
export function mark(record: TaskRecord, terminate: boolean): Step<void> {
  return { record: { ...record, mark: terminate ? "terminated" : (record.mark ?? "revoked") }, answer: undefined };
}

/** Whether this fence is the current one and its attempt has not ended. */
export function isHeld({ holder, end }: TaskRecord, fence: Fence): boolean {
  return holder !== undefined && !end && isSame(holder.fence, fence);
}

/** An attempt is newer by its retries first, then by its generation. */
function compareAttempts(one: Omit<Fence, "epoch">, other: Omit<Fence, "epoch">): number {
  return one.retries - other.retries || one.generation - other.generation;
}

function isSame(one: Fence, other: Fence): boolean {
  return compareAttempts(one, other) === 0 && one.epoch === other.epoch;
}

/**
 * Whether a newer delivery changes nothing: after success always, after a failure unless it is a replay, which a revoked
 * task has none of.
 */
function isClosed({ holder, mark: wish }: TaskRecord, state: RecordState, request: ClaimRequest): boolean {
  if (state === "SUCCESS" || state === "IGNORED") return true;
  return isTerminal(state) && (wish !== undefined || request.generation <= (holder?.fence.generation ?? 0));
}

function doneOf(record: TaskRecord, end: End, request: ClaimRequest): Claim {
  return { answer: "done", ...end, ...debtOf(record, request) };
}

function supersededOf(record: TaskRecord, request: ClaimRequest): Claim {
  if (!isUntold(record, request)) return { answer: "superseded" };
  return { answer: "superseded", untold: true, ...(record.end ? { state: record.end.state } : {}) };
}

function debtOf(record: TaskRecord, request: OfCanvas): { readonly untold?: true } {
  return isUntold(record, request) ? { untold: true } : {};
}

/** What may be another canvas's message. */
type OfCanvas = Pick<ClaimRequest, "canvas">;

/**
 * Whether nobody who has ended an attempt, or holds one, tells what follows this delivery. Of an end that something follows
 * although no canvas is known an older version has kept the record: it was the delivery's, as far as can be known.
 */
function isUntold({ holder, end, canvases = [] }: TaskRecord, { canvas }: OfCanvas): boolean {
  const isHolders = end === undefined && holder?.canvas !== undefined;
  const known = isHolders ? [...canvases, holder.canvas] : canvases;
  if (canvas === undefined || isAmong(known, canvas)) return false;
  return known.length > 0 || end === undefined || !isTerminal(end.state) || end.effects.length === 0;
}

/** A canvas is each line in it, too. */
function isAmong(known: readonly string[], canvas: string): boolean {
  return known.some((each) => each === canvas || each.startsWith(`${canvas}.`) || canvas.startsWith(`${each}.`));
}

function leased(holder: Holder, now: number): Claim {
  const running = holder.startedAt === undefined ? 0 : (now - holder.startedAt) / 1000;
  return { answer: "leased", remaining: (holder.leaseUntil - now) / 1000, running };
}

/** The holder asks again: it is told the same. With another hard limit, that one counts for what it has begun. */
function tellAgain(record: TaskRecord, holder: Holder, { hardLimit }: ClaimRequest): Step<Claim> {
  const { claim: answer, isEarly } = holder;
  if (answer.answer !== "run" || isEarly || holder.hardLimit === hardLimit) return { record, answer };
  return { record: { ...record, holder: { ...holder, hardLimit } }, answer };
}

/** Of what would run but is paused nothing changes, but that it is kept. */
function take(record: TaskRecord, request: ClaimRequest, { now, isPaused }: ClaimMoment): Step<Claim> {
  const held = hold({ ...record, about: request.notes?.about ?? record.about }, request, now);
  if (!isPaused || held.answer.answer !== "run") return held;
  return { record: { ...record, wasPaused: true }, answer: { answer: "paused" } };
}

/** Makes the claimant the holder: of a new attempt, or, one epoch higher, of one whose holder is gone. */
function hold(record: TaskRecord, request: ClaimRequest, now: number): Step<Claim> {
  const { retries, generation, token, lease, hardLimit, early = false, canvas } = request;
  const { holder } = record;
  const gone = holder && compareAttempts(request, holder.fence) === 0 ? holder : undefined;
  const fence = { retries, generation, epoch: gone ? gone.fence.epoch + 1 : 0 };
  const answer = judge({ request, gone, record, now }, fence);
  // An attempt that ends without being run keeps its start, so that whoever takes it over is told the same.
  const start = answer.answer === "run" && !early ? { startedAt: now, hardLimit } : gone;
  const begun = { startedAt: start?.startedAt, hardLimit: start?.hardLimit };
  const held = { fence, token, claim: answer, leaseUntil: now + lease * 1000, isEarly: early, canvas, ...begun };
  const { mark: wish, about, canvases } = record;
  return { record: { holder: held, mark: wish, about, canvases }, answer };
}

function withCanvas({ canvases = [] }: TaskRecord, { canvas }: OfCanvas): readonly string[] {
  return canvas === undefined || isAmong(canvases, canvas) ? canvases : [...canvases, canvas];
}

interface Circumstances {
  readonly request: ClaimRequest;
  /** The holder that is taken over from. */
  readonly gone: Holder | undefined;
  readonly record: TaskRecord;
  readonly now: number;
}

/** What the new holder is to do. */
function judge({ request, gone, record, now }: Circumstances, fence: Fence): HeldClaim {
  const { mark: wish } = record;
  const hasBegun = gone?.startedAt !== undefined;
  if (hasBegun && isOverdue(gone, now)) return { answer: "overdue", fence };
  if (hasBegun && request.undeliverable) return { answer: "lost", fence };
  if (wish) return { answer: "revoked", fence, reason: wish };
  // A redelivery of an attempt that has begun does not expire (delivery.md 14).
  if (!hasBegun && isExpired(request, now)) return { answer: "revoked", fence, reason: "expired" };
  return mayBegin(request, hasBegun) ? { answer: "run", fence } : lost(record, fence);
}

/** Not where nobody will deliver it again, nor a second time what may be begun once. */
function mayBegin({ undeliverable = false, once = false }: ClaimRequest, hasBegun: boolean): boolean {
  return !undeliverable && !(hasBegun && once);
}

/** Nobody has held it: a pause may have kept it from that. */
function lost({ wasPaused }: TaskRecord, fence: Fence): HeldClaim {
  return wasPaused && fence.epoch === 0 ? { answer: "lost", fence, wasPaused } : { answer: "lost", fence };
}

function isOverdue({ startedAt = Infinity, hardLimit = Infinity }: Partial<Holder>, now: number): boolean {
  return now >= startedAt + hardLimit * 1000;
}

function isExpired({ expires = Infinity }: ClaimRequest, now: number): boolean {
  return expires <= now;
}
