/**
 * The body of `POST /:name`: a call's arguments and those of its options that a stranger may choose.
 *
 * @module
 */

import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import * as z from "zod/mini";

/** What may be sent. */
export interface EnqueueBody {
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds, or a text such as `"10m"`. */
  readonly countdown?: Duration | undefined;
  readonly expires?: Duration | undefined;
}

const duration = z.union([z.number(), z.string()], "expected a duration").check(z.check(checkDuration));

/** Accepts a body from an untrusted source; an unknown field is a mistake, not an extra. */
export const EnqueueBody: z.ZodMiniType<EnqueueBody> = z.strictObject(
  {
    args: z.optional(z.array(z.unknown(), "expected a list")),
    kwargs: z.optional(z.record(z.string(), z.unknown(), "expected an object")),
    countdown: z.optional(duration),
    expires: z.optional(duration),
  },
  { error: ({ code, keys }) => (code === "unrecognized_keys" ? `unknown: ${String(keys)}` : "expected a JSON object") },
);

/** What is wrong with a body, field by field. */
export function problemsIn(issues: readonly Pick<z.core.$ZodIssue, "path" | "message">[]): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`))
    .join("; ");
}

function checkDuration(payload: z.core.ParsePayload<Duration>): void {
  try {
    if (secondsOf(payload.value) >= 0) return;
    payload.issues.push({ code: "custom", message: "expected no less than 0", input: payload.value, path: [] });
  } catch (error) {
    if (!(error instanceof ImproperlyConfigured)) throw error;
    payload.issues.push({ code: "custom", message: error.message, input: payload.value, path: [] });
  }
}
