/**
 * What a crawl found, and the guards for whoever reads it from outside.
 *
 * @module
 */

import * as z from "zod/mini";

/** A page that could not be had. */
export interface Missed {
  readonly url: string;
  readonly error: string;
}

/** What a crawl found. */
export interface Summary {
  readonly url: string;
  readonly levels: number;
  readonly pages: number;
  /** On all pages together; on one page each counts once. */
  readonly links: number;
  readonly images: number;
  /** Visits that had to be repeated. */
  readonly retries: number;
  readonly failures: readonly Missed[];
  /** Nobody can have these: their hosts do not exist. */
  readonly rejected: readonly Missed[];
  /** Pages that the limits left out. */
  readonly skipped: number;
}

/** What a level leaves: the pages of the next one, which has been started; or the summary after the last. */
export interface LevelEnd {
  readonly frontier: readonly string[];
  readonly summary?: Summary;
}

const Missed: z.ZodMiniType<Missed> = z.object({ url: z.string(), error: z.string() });

/** Accepts a summary. */
export const Summary: z.ZodMiniType<Summary> = z.object({
  url: z.string(),
  levels: z.int(),
  pages: z.int(),
  links: z.int(),
  images: z.int(),
  retries: z.int(),
  failures: z.array(Missed),
  rejected: z.array(Missed),
  skipped: z.int(),
});

/** Accepts what a level, or the crawl itself, has left. */
export const LevelEnd: z.ZodMiniType<LevelEnd> = z.object({
  frontier: z.array(z.string()),
  summary: z.exactOptional(Summary),
});
