/**
 * The error for a task that nobody here has declared.
 *
 * @module
 */

import { NotRegistered } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { nearestName } from "./known-names.ts";

/** With the name that was meant, if that can be told. */
export function notRegistered(app: Pick<CallingApplication, "tasks">, task: string): NotRegistered {
  const nearest = nearestTask(app, task);
  return new NotRegistered(task, nearest === undefined ? {} : { nearest });
}

/** The task of an application that is meant by a name which none has; undefined when none is near. */
export function nearestTask({ tasks }: Pick<CallingApplication, "tasks">, name: string): string | undefined {
  return name.length > longest ? undefined : nearestName(name, [...tasks.keys()]);
}

/** What is longer was not typed: it comes from a stranger, who is not to say how long names are compared. */
const longest = 200;
