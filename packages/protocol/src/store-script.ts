/**
 * An atomic step of the store, in two languages: Lua for a real Redis, TypeScript for the embedded engine.
 *
 * An application hands the twins to the engine, which knows no task (delivery.md 20). The same tests run on both.
 *
 * @module
 */

/** What a Redis command answers, as RESP2 has it. Errors are thrown. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** Runs one command inside the step, as `redis.call` does in Lua. `TIME` answers the store's clock. */
export type RedisCall = (command: string, ...args: readonly (string | number)[]) => RedisReply;

/** A named atomic step. */
export interface StoreScript {
  readonly name: string;
  readonly lua: string;
  /** Does in TypeScript, through the same commands, exactly what `lua` does. */
  twin(call: RedisCall, keys: readonly string[], args: readonly string[]): RedisReply;
}
