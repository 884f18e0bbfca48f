/**
 * A page on its way through the chain.
 *
 * @module
 */

import * as z from "zod/mini";

/** A page as it was fetched. */
export interface Visited {
  /** Where it was found, after redirects. */
  readonly url: string;
  /** Empty when it is no HTML; cut off when it is too long. */
  readonly html: string;
  /** How often it had to be asked again. */
  readonly retries: number;
}

/** A page as it is kept. */
export interface Page {
  readonly url: string;
  /** Absolute, without fragments, each once. */
  readonly links: readonly string[];
  /** Absolute, each once. */
  readonly images: readonly string[];
  readonly retries: number;
}

/** Accepts a page that was kept. */
export const Page: z.ZodMiniType<Page> = z.object({
  url: z.string(),
  links: z.array(z.string()),
  images: z.array(z.string()),
  retries: z.int(),
});
