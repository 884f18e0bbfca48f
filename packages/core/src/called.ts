/**
 * What tells one call inside a task from another, so that a body that is run again makes the same calls (delivery.md 2).
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";

/** A call as text: the signature, its arguments, its options but for instants, which are reckoned anew in each run. */
export function calledText(
  wire: Signature,
  { args, kwargs }: { readonly args: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>> },
): string {
  return JSON.stringify([wire, args, kwargs], function replace(this: unknown, key, value: unknown) {
    return key === "options" && isSignature(this) && isRecord(value) ? withoutInstants(value) : value;
  });
}

function withoutInstants({ eta: _eta, expires, ...options }: Readonly<Record<string, unknown>>): object {
  return typeof expires === "number" ? { ...options, expires } : options;
}

/** Nested signatures are plain values; an argument is only taken for one if it has all the marks of one. */
function isSignature(value: unknown): boolean {
  return isRecord(value) && typeof value["task"] === "string" && Object.hasOwn(value, "subtask_type");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
