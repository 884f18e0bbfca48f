/**
 * How a crawl stands, and the guard for whoever reads it over HTTP.
 *
 * @module
 */

import { Summary } from "@umbel/app-worker/summary";
import * as z from "zod/mini";

/** How a crawl stands. */
export interface Progress {
  readonly id: string;
  readonly state: "RUNNING" | "SUCCESS" | "FAILURE";
  /** How many calls of each task are in each state. */
  readonly tasks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Pages that are being tried again, or could not be had. */
  readonly troubles: readonly Trouble[];
  /** Once the state is SUCCESS. */
  readonly summary?: Summary;
  /** Once the state is FAILURE. */
  readonly error?: string;
}

/** A page that makes trouble. */
export interface Trouble {
  readonly url: string;
  readonly state: string;
  readonly error: string;
}

const Trouble: z.ZodMiniType<Trouble> = z.object({ url: z.string(), state: z.string(), error: z.string() });

/** Accepts what `GET /crawl/:id` answers. */
export const Progress: z.ZodMiniType<Progress> = z.object({
  id: z.string(),
  state: z.enum(["RUNNING", "SUCCESS", "FAILURE"]),
  tasks: z.record(z.string(), z.record(z.string(), z.int())),
  troubles: z.array(Trouble),
  summary: z.exactOptional(Summary),
  error: z.exactOptional(z.string()),
});
