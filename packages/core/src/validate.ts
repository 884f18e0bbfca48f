/**
 * Checks a task's arguments with the schema that the task was declared with (any Standard Schema).
 *
 * @module
 */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ValidationError } from "@umbel/protocol";

/** A schema of what a task is given by name: an object. */
export type KwargsSchema<In extends object = object, Out = unknown> = StandardSchemaV1<In, Out>;

/** A schema of a task's argument list. */
export type ArgumentsSchema<
  In extends readonly unknown[] = readonly unknown[],
  Out extends readonly unknown[] = In,
> = StandardSchemaV1<In, Out>;

/** A schema, and what it is of. */
export interface Check<Out> {
  readonly task: string;
  /** The arguments by place, or those by name. */
  readonly what: "args" | "kwargs";
  readonly schema: StandardSchemaV1<unknown, Out>;
}

/**
 * Returns the arguments as the schema makes them (defaults filled in, values converted).
 * Throws a `ValidationError` with the path of every wrong field.
 */
export async function validate<Out>({ task, what, schema }: Check<Out>, given: unknown): Promise<Out> {
  const outcome = await schema["~standard"].validate(given);
  if (outcome.issues === undefined) return outcome.value;
  throw new ValidationError(
    task,
    outcome.issues.map((issue) => ({ path: `${what}${pathOf(issue.path)}`, message: issue.message })),
  );
}

/** `[0].url` for the path `[0, "url"]`. */
function pathOf(path: StandardSchemaV1.Issue["path"]): string {
  return (path ?? []).reduce<string>((text, segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`;
  }, "");
}
