/**
 * Schemas at the door: how a type's guard is declared, and how what it refuses is told.
 *
 * @module
 */

import * as z from "zod/mini";
import { InvalidMessageError } from "./errors.ts";
import { isPlainObject } from "./json-value.ts";

/** One schema for each field of an interface: a missing, an extra or a wrong one does not compile. */
export type ShapeOf<T> = { readonly [K in keyof T as string extends K ? never : K]-?: z.ZodMiniType<T[K]> };

/** Any object, as it is. (`z.record` would drop `__proto__`, and copy.) */
export const AnyObject: z.ZodMiniType<Readonly<Record<string, unknown>>> = z.custom<Readonly<Record<string, unknown>>>(
  isPlainObject,
  "expected object",
);

/** A field that may be absent or null, which mean the same in Celery (celery-wire.md 8.2). */
export function nullish<T>(schema: z.ZodMiniType<T>): z.ZodMiniExactOptional<z.ZodMiniNullable<z.ZodMiniType<T>>> {
  return z.exactOptional(z.nullable(schema));
}

/** What a decoder looks at of a problem: zod's issue. */
type Issue = z.core.$ZodIssue;

/**
 * Lets a value in as a `T`, with what the schema fills in. Throws `InvalidMessageError` that names `what`, the field and
 * what is wrong there.
 */
export function decode<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new InvalidMessageError(`${what}: ${problemIn(outcome.error.issues, value)}`);
}

/** Where a problem is and what it is: in a union, in the branch that came furthest. */
export function problemOf(issue: Issue): { readonly path: readonly PropertyKey[]; readonly reason: string } {
  if (issue.code !== "invalid_union") return { path: issue.path, reason: reasonOf(issue) };
  const branches = issue.errors.flatMap((branch) => branch.slice(0, 1)).map(problemOf);
  const longest = Math.max(...branches.map((branch) => branch.path.length));
  const furthest = branches.find((branch) => branch.path.length === longest);
  return { path: [...issue.path, ...(furthest?.path ?? [])], reason: furthest?.reason ?? "fits nothing known" };
}

function problemIn(issues: readonly Issue[], value: unknown): string {
  const [issue] = issues;
  if (!issue) return "invalid";
  const { path, reason } = problemOf(issue);
  const place = path.map(String).join(".");
  const found = foundAt(value, path);
  if (found === "nothing") return `${place} is missing`;
  return `${place === "" ? "" : `${place}: `}${reason}, found ${found}`;
}

function reasonOf(issue: Issue): string {
  if (issue.code === "invalid_type") return `expected ${issue.expected}`;
  if (issue.code === "invalid_value") return `expected one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small") return `expected at least ${issue.minimum}${unitOf(issue)}`;
  if (issue.code === "too_big") return `expected at most ${issue.maximum}${unitOf(issue)}`;
  return issue.message;
}

function unitOf(issue: { readonly origin: string }): string {
  if (issue.origin === "string") return " characters";
  return issue.origin === "array" ? " items" : "";
}

/** What stands at a path, in a word; `nothing` where the path ends early. */
function foundAt(value: unknown, path: readonly PropertyKey[]): string {
  let part: unknown = value;
  for (const key of path) {
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, key)) return "nothing";
    part = Reflect.get(part, key);
  }
  if (part === undefined) return "nothing";
  if (part === null) return "null";
  return Array.isArray(part) ? `a list of ${part.length}` : typeof part;
}
