/**
 * How a canvas ends: what has to be known of it where it is not known itself.
 *
 * @module
 */

import type { Signature, SignatureOptions } from "@umbel/protocol";
import { endOptions } from "./options.ts";
import { bodyIn, kindOf, tasksIn } from "./parts.ts";

/**
 * The options that name a frozen canvas's result, say who waits for it, and whether anybody reads it: with these a
 * signature can be abandoned in its place.
 */
export function endOf(signature: Signature): SignatureOptions {
  const { ignore_result: ignored } = signature.options;
  const own = { ...endOptions(signature.options), ...(ignored === undefined ? {} : { ignore_result: ignored }) };
  switch (kindOf(signature)) {
    case "task":
    case "group":
      return own;
    case "chain":
      return { ...tasksIn(signature).slice(-1).map(endOf).at(0), ...own };
    case "chord":
      return { ...endOf(bodyIn(signature)), ...own };
  }
}
