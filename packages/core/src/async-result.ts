/**
 * The handle of a call: asks the backend for its state, waits for its result.
 *
 * It has no `then`: `await handle` gives the handle, and only `get()` waits.
 *
 * @module
 */

import {
  type CallerBackend,
  isException,
  isPropagated,
  isReady,
  readDate,
  type ResultMeta,
  type ResultTuple,
  type UmbelError,
} from "@umbel/protocol";
import { forgetAll, idsBeneath, partsOf } from "./beneath.ts";
import { lastLook } from "./last-look.ts";
import {
  type GetOptions,
  lineOf,
  checkWait,
  type ResultHandle,
  revocationIn,
  type RevokeOptions,
  type Storing,
  tupleOf,
  type WaitOptions,
} from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";
import { errorIn, type Settled, settledOf } from "./settled.ts";
import { shownAsText } from "./shown.ts";
import { startWait } from "./wait-time.ts";

/** A state on the way, and what was stored with it: a custom state's data, a retry's error, at the end the result. */
export interface Progress {
  readonly state: string;
  readonly info: unknown;
}

/** The handle of one call. */
export class AsyncResult<Result = unknown> implements ResultHandle, AsyncIterable<Progress> {
  readonly id: string;
  /** The step before this one in a chain, the header of a chord. */
  readonly parent: ResultHandle | null;
  /** The application that it belongs to. */
  readonly source: ResultSource;
  readonly #sent: SentCalls | undefined;

  constructor(
    source: ResultSource,
    id: string,
    options: { readonly parent?: ResultHandle | null; readonly sent?: SentCalls | undefined } = {},
  ) {
    this.source = source;
    this.id = id;
    this.parent = options.parent ?? null;
    this.#sent = options.sent;
  }

  /**
   * Nobody keeps the value, as far as whoever has sent the call can tell: `get()` answers undefined; at once, unless
   * errors are kept (`storeErrorsEvenIfIgnored`): then it waits for the end, and throws the error if it is one.
   */
  get ignored(): boolean {
    return this.#sent?.(this.id)?.ignored ?? false;
  }

  /** Where to wait for it; undefined when nobody keeps how it ends. */
  get storing(): Storing | undefined {
    const { silent = false } = this.#sent?.(this.id) ?? {};
    return silent ? undefined : { source: this.source, sent: this.#sent };
  }

  /**
   * Waits for the result.
   * Throws `TimeoutError` when it takes too long (the task runs on), the task's failure (`TaskFailure`, or the named
   * error of ours), `TaskRevokedError`; `GetInsideTaskError` when called inside a task.
   */
  async get(options: GetOptions & { readonly propagate: false }): Promise<Result | UmbelError>;
  async get(options?: GetOptions): Promise<Result>;
  async get(options: GetOptions = {}): Promise<Result | UmbelError> {
    const { propagate = true, callback } = options;
    const settled = await this.settled(options);
    if (settled.state !== "SUCCESS" && propagate) throw settled.error;
    const value = settled.state === "SUCCESS" ? settled.result : settled.error;
    await callback?.(this.id, value);
    return value;
  }

  /** Waits like {@link get}, and returns success, failure or revocation as a value. Throws `TimeoutError`. */
  async settled(options: GetOptions = {}): Promise<Settled<Result>> {
    checkWait(options);
    const settled = await this.#settle(options);
    // Sound as far as types go over a wire: the task's declared result is what its worker stored under its id. An ignored
    // call is typed by its task too, but Celery's promise for it is "nothing", and so is ours.
    return settled as Settled<Result>;
  }

  /**
   * What is stored now, then each change of it until the call has ended: `for await (const { state, info } of result)`.
   * Throws `TimeoutError` when the end takes too long, but no failure of the task: that is the last state's `info`.
   */
  async *progress(options: WaitOptions = {}): AsyncGenerator<Progress, void> {
    checkWait(options);
    if (this.storing === undefined) return;
    const wait = startWait(this.source, options);
    try {
      for await (const meta of this.source.backend.watch(this.id, wait.signal)) {
        yield progressIn(meta);
        if (hasEnded(meta)) return;
      }
      if (!wait.isOver(wait.signal.reason)) throw wait.signal.reason;
      yield progressIn(await this.#late(wait.seconds));
    } finally {
      await wait.stop();
    }
  }

  /** {@link progress}, for as long as the setting `resultTimeout` says. */
  [Symbol.asyncIterator](): AsyncGenerator<Progress, void> {
    return this.progress();
  }

  /** The state now; PENDING when nothing is known of the id. */
  async state(): Promise<string> {
    return progressIn(await this.meta()).state;
  }

  /** Whether anything is stored for the call. */
  async exists(): Promise<boolean> {
    return (await this.meta()) !== undefined;
  }

  /** Whether the call has ended: SUCCESS, FAILURE or REVOKED. */
  async ready(): Promise<boolean> {
    return isReady(await this.state());
  }

  /** Whether it ended in SUCCESS. */
  async successful(): Promise<boolean> {
    return (await this.state()) === "SUCCESS";
  }

  /** Whether it ended in FAILURE; a revoked call neither failed nor succeeded. */
  async failed(): Promise<boolean> {
    return (await this.state()) === "FAILURE";
  }

  /** The value, the error, or a custom state's data, as far as there is one; undefined before. */
  async info(): Promise<unknown> {
    return progressIn(await this.meta()).info;
  }

  /** {@link info}, but an error that `get()` would throw is thrown. Does not wait. */
  async maybeThrow(): Promise<unknown> {
    const { state, info } = progressIn(await this.meta());
    if (isPropagated(state)) throw info;
    return info;
  }

  /** The traceback as text, when the call failed or is retried. */
  async traceback(): Promise<string | undefined> {
    return (await this.meta())?.traceback ?? undefined;
  }

  /** When the call ended; undefined before. */
  async dateDone(): Promise<Date | undefined> {
    const { date_done: done = null } = (await this.meta()) ?? {};
    return done === null ? undefined : new Date(readDate(done));
  }

  /**
   * What is stored, in Celery's form, in one reading; undefined when nothing is. With the setting `resultExtended` also
   * name, args, kwargs, worker, retries and queue.
   */
  async meta(): Promise<ResultMeta | undefined> {
    return (await this.source.backend.read([this.id]))[0];
  }

  /** Deletes what is stored for this call and for all else of its canvas that the handle knows of. */
  async forget(): Promise<void> {
    await forgetAll(this.source, idsBeneath([this]));
  }

  /** Revokes the call: it will not run, or, with `terminate`, its signal aborts while it runs. */
  async revoke(options: RevokeOptions = {}): Promise<void> {
    const { terminate, canvas } = revocationIn(options);
    await this.source.revoke(canvas ? idsBeneath([this]).ids : this.ids, terminate);
  }

  /** The ids that this handle itself stands for. */
  get ids(): readonly string[] {
    return [this.id];
  }

  /** Celery's form of a handle (celery-wire.md 6.3). */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** Ids of this call and of those before it, groups' members included. */
  asList(): readonly string[] {
    return lineOf(this);
  }

  /** What a page needs to ask for it: `{ id }`. {@link asTuple} has all that the handle knows. */
  toJSON(): { readonly id: string } {
    return { id: this.id };
  }

  /** `<AsyncResult: ID>`; of a call that has run in this process `<EagerResult: ID>`. */
  toString(): string {
    return `<${this.source.isEager === true ? "Eager" : "Async"}Result: ${this.id}>`;
  }

  async #settle(options: GetOptions): Promise<Settled<unknown>> {
    if (this.storing === undefined) return { state: "SUCCESS", result: undefined };
    const settled = settledOf(await this.#wait(options), this);
    if (settled.state === "SUCCESS" || options.followParents !== true) return settled;
    return (await firstLost(this.source.backend, this.parent)) ?? settled;
  }

  async #wait(options: GetOptions): Promise<ResultMeta> {
    const { backend } = this.source;
    const wait = startWait(this.source, options);
    try {
      return await endOf(backend, this.id, { ...options, signal: wait.signal });
    } catch (error) {
      if (!wait.isOver(error)) throw error;
      return await this.#late(wait.seconds);
    } finally {
      await wait.stop();
    }
  }

  async #late(seconds: number): Promise<ResultMeta> {
    return await lastLook(this.source, { ids: askedOf(lineOf(this)), sent: this.#sent, seconds });
  }
}

shownAsText(AsyncResult.prototype);

/** Calls that are asked about when one is late: the last hundred, and the first, for where nothing has begun. */
export function askedOf(line: readonly string[]): readonly string[] {
  return line.filter((_, nth) => nth < 100 || nth === line.length - 1);
}

/** The end of a call; a subscription and a reading, whether states on the way are shown or not. */
async function endOf(
  backend: CallerBackend,
  id: string,
  { signal, onMessage }: { readonly signal: AbortSignal } & Pick<GetOptions, "onMessage">,
): Promise<ResultMeta> {
  signal.throwIfAborted();
  if (onMessage === undefined) return await backend.wait(id, signal);
  for await (const meta of backend.watch(id, signal)) {
    if (meta !== undefined) onMessage(meta);
    if (hasEnded(meta)) return meta;
  }
  throw signal.reason;
}

/** How the first of the steps before a call, from the root on, failed, if one did. */
async function firstLost(backend: CallerBackend, parent: ResultHandle | null): Promise<Settled<unknown> | undefined> {
  const line: ResultHandle[] = [];
  for (let at = parent; at !== null; at = at.parent) line.push(at);
  for (const ids of partsOf(line.toReversed().flatMap((each) => each.ids))) {
    const lost = (await backend.read(ids)).find((meta) => meta !== undefined && isPropagated(meta.status));
    if (lost !== undefined) return settledOf(lost, { ignored: false });
  }
  return undefined;
}

function progressIn(meta: ResultMeta | undefined): Progress {
  if (meta === undefined) return { state: "PENDING", info: undefined };
  return { state: meta.status, info: isException(meta.status) ? errorIn(meta) : meta.result };
}

function hasEnded(meta: ResultMeta | undefined): meta is ResultMeta {
  return meta !== undefined && isReady(meta.status);
}
