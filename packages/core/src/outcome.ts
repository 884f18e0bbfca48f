/**
 * Every way in which an attempt can end.
 *
 * @module
 */

import type { RevokedReason } from "@umbel/protocol";
import type { Amended } from "./control-flow.ts";
import type { Beginning } from "./start.ts";

/** How an attempt ended, before anything of it is stored. */
export type Outcome =
  | { readonly state: "SUCCESS"; readonly value: unknown }
  /** `at`: when the next attempt is due, milliseconds since 1970; `amended`: where its call differs. */
  | {
      readonly state: "RETRY";
      readonly error: unknown;
      readonly at: number;
      readonly delay: number;
      readonly amended?: Amended | undefined;
    }
  | { readonly state: "FAILURE"; readonly error: unknown }
  | { readonly state: "REVOKED"; readonly reason: RevokedReason }
  /** `hasOwnState`: the body has shown readers a state of its own, which stays. */
  | { readonly state: "IGNORED"; readonly hasOwnState: boolean }
  /** Another task takes its place, under its id; what the attempt showed its readers stays. */
  | { readonly state: "REPLACED"; readonly beginning: Beginning }
  /** Put back into its queue; the task's own state stays what it was. */
  | { readonly state: "REJECTED"; readonly reason: string };
