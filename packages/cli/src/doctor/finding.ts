/**
 * What the doctor has found.
 *
 * @module
 */

import { lineOf } from "../failure.ts";

/** Something that was looked at. */
export interface Finding {
  /** What was looked at: `store`, `route mail`. */
  readonly what: string;
  readonly verdict: "good" | "warning" | "bad";
  readonly detail: string;
  /** What mends it. */
  readonly fix?: string;
}

/** It is as it should be. */
export function good(what: string, detail: string): Finding {
  return { what, verdict: "good", detail };
}

/** It may be meant. */
export function warning(what: string, detail: string, fix: string): Finding {
  return { what, verdict: "warning", detail, fix };
}

/** It does not work like that. */
export function bad(what: string, detail: string, fix: string): Finding {
  return { what, verdict: "bad", detail, fix };
}

/** What a look comes to; what it throws is a finding too. */
export async function looked(
  what: string,
  fix: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [bad(what, lineOf(error), fix)];
  }
}
