/**
 * The handle of a call: asks the backend for its state, waits for its result.
 *
 * @module
 */

import {
  type CallerBackend,
  errorOf,
  failureIn,
  isException,
  isPropagated,
  isReady,
  type ResultMeta,
  type ResultTuple,
  secondsOf,
  type UmbelError,
} from "@umbel/protocol";
import { lastLook } from "./last-look.ts";
import {
  type GetOptions,
  lineOf,
  refuseInsideTask,
  type ResultHandle,
  type Settled,
  tupleOf,
} from "./result-handle.ts";
import type { ResultSource } from "./result-source.ts";
import type { SentCalls } from "./sent-calls.ts";

/** The handle of one call. */
export class AsyncResult<Result = unknown> implements ResultHandle {
  readonly id: string;
  /** The step before this one in a chain, the header of a chord. */
  readonly parent: ResultHandle | null;
  readonly #source: ResultSource;
  readonly #sent: SentCalls | undefined;

  constructor(
    source: ResultSource,
    id: string,
    options: { readonly parent?: ResultHandle | null; readonly sent?: SentCalls } = {},
  ) {
    this.#source = source;
    this.id = id;
    this.parent = options.parent ?? null;
    this.#sent = options.sent;
  }

  /** Nobody keeps the result, as far as whoever has sent the call can tell: `get()` answers undefined at once. */
  get ignored(): boolean {
    return this.#sent?.(this.id)?.ignored ?? false;
  }

  /**
   * Waits for the result.
   * Throws `TimeoutError` when it takes too long (the task runs on), the task's failure (`TaskFailure`, or the named
   * error of ours), `TaskRevokedError`; `GetInsideTaskError` when called inside a task.
   */
  async get(options: GetOptions & { readonly propagate: false }): Promise<Result | UmbelError>;
  async get(options?: GetOptions): Promise<Result>;
  async get(options: GetOptions = {}): Promise<Result | UmbelError> {
    const settled = await this.#settle(options);
    if (settled.state === "SUCCESS") return settled.result;
    if (options.propagate === false) return settled.error;
    throw settled.error;
  }

  /** Waits like {@link get}, and returns success, failure or revocation as a value. Throws `TimeoutError`. */
  async settled(options: GetOptions = {}): Promise<Settled<Result>> {
    return await this.#settle(options);
  }

  /** The state now; PENDING when nothing is known of the id. */
  async state(): Promise<string> {
    return (await this.meta())?.status ?? "PENDING";
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
    const meta = await this.meta();
    if (meta === undefined) return undefined;
    return isException(meta.status) ? errorIn(meta) : meta.result;
  }

  /** The traceback as text, when the call failed or is retried. */
  async traceback(): Promise<string | undefined> {
    return (await this.meta())?.traceback ?? undefined;
  }

  /** What is stored, in Celery's form; undefined when nothing is. */
  async meta(): Promise<ResultMeta | undefined> {
    return (await this.#source.backend.read([this.id]))[0];
  }

  /** Deletes what is stored for this call and for the steps before it. */
  async forget(): Promise<void> {
    await this.#source.backend.forget(lineOf(this));
  }

  /** Revokes the call: it will not run, or, with `terminate`, its signal aborts while it runs. */
  async revoke(options: { readonly terminate?: boolean } = {}): Promise<void> {
    await this.#source.revoke([this.id], options.terminate ?? false);
  }

  /** The ids that this handle itself stands for. */
  get ids(): readonly string[] {
    return [this.id];
  }

  /** Celery's form of a handle (celery-wire.md 6.3). */
  asTuple(): ResultTuple {
    return tupleOf(this);
  }

  /** `<AsyncResult: ID>`. */
  toString(): string {
    return `<AsyncResult: ${this.id}>`;
  }

  async #settle(options: GetOptions): Promise<Settled<Result>> {
    refuseInsideTask(options);
    // Sound: an ignored call is typed by its task, but Celery's promise for it is "nothing", and so is ours.
    if (this.ignored) return { state: "SUCCESS", result: undefined as Result };
    return read(await this.#wait(options));
  }

  async #wait(options: GetOptions): Promise<ResultMeta> {
    const source = this.#source;
    const expired = new AbortController();
    const seconds = secondsOf(options.timeout ?? source.conf.resultTimeout);
    const outer = options.signal === undefined ? [] : [options.signal];
    const timer = new AbortController();
    const ending = source.platform.sleep(seconds, timer.signal).then(
      () => expired.abort(),
      () => undefined,
    );
    try {
      return await settledIn(source.backend, this.id, AbortSignal.any([expired.signal, ...outer]));
    } catch (error) {
      if (error !== expired.signal.reason) throw error;
      return await lastLook(source, { ids: askedOf(lineOf(this)), sent: this.#sent, seconds });
    } finally {
      timer.abort();
      await ending;
    }
  }
}

/** Calls that are asked about when one is late: the last hundred, and the first, for where nothing has begun. */
function askedOf(line: readonly string[]): readonly string[] {
  return line.filter((_, nth) => nth < 100 || nth === line.length - 1);
}

async function settledIn(backend: CallerBackend, id: string, signal: AbortSignal): Promise<ResultMeta> {
  signal.throwIfAborted();
  return await backend.wait(id, signal);
}

function read<Result>(meta: ResultMeta): Settled<Result> {
  if (isPropagated(meta.status)) {
    return { state: meta.status === "REVOKED" ? "REVOKED" : "FAILURE", error: errorIn(meta) };
  }
  // Sound as far as types go over a wire: the task's declared result is what its worker stored under its id.
  return { state: "SUCCESS", result: meta.result as Result };
}

function errorIn(meta: ResultMeta): UmbelError {
  return errorOf(failureIn(meta.result), { taskId: meta.task_id, traceback: meta.traceback });
}
