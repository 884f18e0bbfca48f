/**
 * What others have said, without the secrets that a worker's log hides: whoever watches is shown no more than whoever reads that.
 *
 * @module
 */

import { withoutSaying } from "@umbel/core";

/** As JSON, each of its texts without secrets. */
export function jsonWithoutSaying(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => (typeof each === "string" ? withoutSaying(each) : each));
}
