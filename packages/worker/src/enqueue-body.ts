/**
 * The body of `POST /:name`: a call's arguments and those of its options that a stranger may choose.
 *
 * @module
 */

import * as z from "zod/mini";

/** What may be sent. */
export interface EnqueueBody {
  readonly args?: readonly unknown[] | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds, or a text such as `"10m"`. */
  readonly countdown?: number | string | undefined;
  readonly expires?: number | string | undefined;
}

/** Accepts a body from an untrusted source; an unknown field is a mistake, not an extra. */
export const EnqueueBody: z.ZodMiniType<EnqueueBody> = z.strictObject({
  args: z.optional(z.array(z.unknown())),
  kwargs: z.optional(z.record(z.string(), z.unknown())),
  countdown: z.optional(z.union([z.number(), z.string()])),
  expires: z.optional(z.union([z.number(), z.string()])),
});
