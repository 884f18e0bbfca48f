/**
 * What survives JSON, as far as the compiler can tell. Types only.
 *
 * The texts are those of the check at run time (`assertJson`), which has the last word: it also sees what types do not
 * tell, NaN and instances of classes without methods among them.
 *
 * @module
 */

import type { ResultTuple } from "@umbel/protocol";

declare const reason: unique symbol;

/** Stands in a compile error for a type that JSON has no form for; its text says what to do. */
export interface NotJson<Reason extends string> {
  readonly [reason]: Reason;
}

/** `T` where JSON can carry it, with a {@link NotJson} in every place where it cannot. */
export type Json<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | ResultTuple
    ? T
    : T extends object
      ? T extends readonly unknown[]
        ? JsonList<T>
        : JsonObject<T>
      : T extends bigint
        ? NotJson<"a BigInt is not JSON; pass its text, value.toString()">
        : T extends symbol
          ? NotJson<"a symbol is not JSON; pass its description">
          : NotJson<"undefined is not JSON; pass null">;

/** A value as it is read again: where a task returns nothing, there is null; where it returns a handle, its tuple. */
export type Stored<Returned> = Returned extends void ? null : Returned extends Handle ? ResultTuple : Returned;

/** {@link Json} of a list of arguments: an optional one may be left out. */
export type JsonArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: [Args[K]] extends [never]
    ? NotJson<"this parameter needs a type">
    : Json<Exclude<Args[K], undefined>>;
};

/** {@link Json} of what a body returns, or promises: nothing at all is fine, it reads as null. */
export type JsonReturn<Returned> =
  Returned extends Promise<infer Value>
    ? Promise<JsonResult<Value>>
    : Returned extends PromiseLike<infer Value>
      ? PromiseLike<JsonResult<Value>>
      : JsonResult<Returned>;

type JsonResult<T> = Json<Exclude<T, void | Handle>> | Extract<T, void | Handle>;

/** The handle of a call or of a group: it is stored in Celery's form. */
interface Handle {
  readonly id: string;
  asTuple(): ResultTuple;
}

/**
 * Lists of any length are written out, so that the compiler looks into them only when it has to: they may contain
 * themselves. For the same reason it does not look into tuples that end in any number of elements.
 */
type JsonList<T extends readonly unknown[]> = number extends T["length"]
  ? T[number][] extends T
    ? T extends unknown[]
      ? Json<T[number]>[]
      : readonly Json<T[number]>[]
    : T
  : { [K in keyof T]: JsonElement<T, K> };

type JsonObject<T extends object> = T extends AnyFunction
  ? NotJson<"a function is not JSON; pass data, or the name of a task">
  : T extends Date
    ? NotJson<"a Date is not JSON; pass value.toISOString()">
    : T extends ReadonlyMap<unknown, unknown>
      ? NotJson<"a Map is not JSON; pass Object.fromEntries(value)">
      : T extends ReadonlySet<unknown>
        ? NotJson<"a Set is not JSON; pass [...value]">
        : T extends ArrayBuffer | ArrayBufferView
          ? NotJson<"binary data is not JSON; pass it in base64">
          : T extends PromiseLike<unknown>
            ? NotJson<"a promise is not JSON; await it">
            : T extends { toJSON(...args: never): unknown }
              ? NotJson<"an instance of a class is not JSON; pass a plain object">
              : { [K in keyof T]: K extends symbol ? T[K] : JsonMember<T[K]> };

type AnyFunction = ((...args: never) => unknown) | (abstract new (...args: never) => unknown);

/** A member that is undefined is left out. */
type JsonMember<T> = Json<Exclude<T, undefined>> | Extract<T, undefined>;

/** An element may be undefined only where the tuple may end before it. */
type JsonElement<T, K extends keyof T> = Partial<Pick<T, K>> extends Pick<T, K> ? JsonMember<T[K]> : Json<T[K]>;
