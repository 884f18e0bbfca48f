/**
 * How far a crawl goes.
 *
 * @module
 */

import * as z from "zod/mini";

/** How far a crawl goes. */
export interface CrawlLimits {
  /** Most pages that are visited. Default 60. */
  readonly maxPages: number;
  /** Default 10. */
  readonly maxLevels: number;
  /** Hosts (`example.com`, `127.0.0.1:8000`) that may be visited beside the first page's own. Default none. */
  readonly hosts: readonly string[];
}

/** Accepts limits from outside; what is not given has its default. */
export const CrawlLimits: z.ZodMiniType<Partial<CrawlLimits>> = z.strictObject({
  maxPages: z.exactOptional(z.int().check(z.minimum(1))),
  maxLevels: z.exactOptional(z.int().check(z.minimum(1))),
  hosts: z.exactOptional(z.array(z.string())),
});
