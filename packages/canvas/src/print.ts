/**
 * Signatures as a person reads them: `tasks.add(2, 2)`, `tasks.add(2, 2) | tasks.add(4)`.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { mappedTask } from "./items.ts";
import { bodyIn, headerIn, kindOf, tasksIn } from "./parts.ts";

/** A signature as text: arguments as JSON, named ones as `name=value`. */
export function print(signature: Signature): string {
  switch (kindOf(signature)) {
    case "task":
      return printTask(signature);
    case "chain":
      return tasksIn(signature).map(print).join(" | ");
    case "group":
      return `group(${printList(tasksIn(signature))})`;
    case "chord":
      return `chord(${printList(tasksIn(headerIn(signature)))}, ${print(bodyIn(signature))})`;
  }
}

/** A call as text; of many items as it is written, `tasks.add.starmap([[1, 2]])`. */
export function printTask({ task, args, kwargs }: Signature): string {
  const mapped = mappedTask({ task, kwargs });
  if (mapped !== task) {
    const { it, n } = kwargs;
    return `${mapped}.${task.replace("celery.", "")}(${[it, ...(n === undefined ? [] : [n])].map(printValue).join(", ")})`;
  }
  const named = Object.entries(kwargs).map(([name, value]) => `${name}=${printValue(value)}`);
  return `${task}(${[...args.map(printValue), ...named].join(", ")})`;
}

function printList(signatures: readonly Signature[]): string {
  return `[${signatures.map(print).join(", ")}]`;
}

/** What has no JSON (a bigint, a function, a cycle) is refused where it is sent; printing must not be what fails. */
function printValue(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
