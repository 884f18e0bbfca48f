/**
 * What the routes of the API work with.
 *
 * @module
 */

import type { Context } from "hono";

import type { Policy } from "./draft.ts";
import type { Services } from "./services.ts";

/** What the API works with. */
export interface ApiOptions extends Services {
  readonly policy: Policy;
  /** Most bytes in the body of a request. */
  readonly maxBody: number;
  /** Most deliveries at once. */
  readonly concurrency: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Called after a write that may have made something due, in the same turn. */
  readonly wake: () => void;
  readonly isToken: (text: string) => boolean;
  readonly callerIp: (context: Context) => string | undefined;
}
