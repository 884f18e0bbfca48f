/**
 * What is said of an object that has fields which there are not, and of what is none.
 *
 * @module
 */

import type * as z from "zod/mini";

/** For `z.strictObject`: the message names the fields. */
export const strictly: {
  readonly error: z.core.$ZodErrorMap<z.core.$ZodIssueInvalidType | z.core.$ZodIssueUnrecognizedKeys>;
} = {
  error: (issue) =>
    issue.code === "unrecognized_keys" ? `unknown: ${issue.keys.join(", ")}` : "expected a JSON object",
};
