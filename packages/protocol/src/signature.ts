/**
 * A signature as it travels: Celery's JSON, whole (celery-wire.md 8.1).
 *
 * @module
 */

/** Options of a signature, by Celery's names. What this version does not know is carried along. */
export interface SignatureOptions {
  readonly task_id?: string | null;
  readonly root_id?: string | null;
  readonly parent_id?: string | null;
  readonly group_id?: string | null;
  readonly group_index?: number | null;
  readonly chord?: Signature | null;
  readonly chain?: readonly Signature[] | null;
  readonly link?: Signature | readonly Signature[] | null;
  readonly link_error?: Signature | readonly Signature[] | null;
  /** Seconds, reckoned when the signature is applied. */
  readonly countdown?: number | null;
  /** ISO 8601. */
  readonly eta?: string | null;
  /** Seconds from when the signature is applied, or ISO 8601. */
  readonly expires?: number | string | null;
  readonly queue?: string | null;
  readonly priority?: number | null;
  readonly retries?: number | null;
  readonly shadow?: string | null;
  readonly ignore_result?: boolean | null;
  /** Hard limit, seconds. */
  readonly time_limit?: number | null;
  /** Soft limit, seconds. */
  readonly soft_time_limit?: number | null;
  readonly headers?: Readonly<Record<string, unknown>> | null;
  readonly reply_to?: string | null;
  /** Ours: where the queue's worker listens, when the queue is not the receiver's own (delivery.md 23). */
  readonly target?: string | null;
  /** Ours, on a chord's body: how many members must end before it runs (Celery 4 used this name too). */
  readonly chord_size?: number | null;
  /** Ours, on a chord's body: `collect` runs the body although members failed; `fail` is the default. */
  readonly on_error?: "fail" | "collect" | null;
  readonly [option: string]: unknown;
}

/** What kind of canvas a signature is; `null` is a plain task (and map, starmap, chunks on the wire). */
export type SubtaskType = "chain" | "group" | "chord" | "chunks" | "xmap" | "xstarmap" | null;

/** One call, or one canvas, that has not been made yet. */
export interface Signature {
  /** Task name, or `celery.chain`, `celery.group`, `celery.chord`. */
  readonly task: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: SignatureOptions;
  readonly subtask_type: SubtaskType;
  /** Takes no arguments from whoever applies it. */
  readonly immutable: boolean;
}
