/**
 * Keeps the tasks of an application by name.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import { builtinNames } from "./builtin-tasks.ts";
import { declareTask, type Declaration, type Declared } from "./declare.ts";
import type { SignatureSender } from "./signature.ts";

/**
 * Declares a task and keeps it in `tasks`, the application's own; returns both of its sides. Throws `ImproperlyConfigured` when
 * the name is taken, and what {@link declareTask} throws.
 */
export function registerTask(
  app: CallingApplication & SignatureSender,
  tasks: Map<string, RegisteredTask>,
  declaration: Declaration,
): Declared {
  const declared = declareTask(app, app, declaration);
  const { registered } = declared;
  if (tasks.has(registered.name) || builtinNames.includes(registered.name)) {
    throw new ImproperlyConfigured(`There is a task named "${registered.name}" already`);
  }
  tasks.set(registered.name, registered);
  return declared;
}
