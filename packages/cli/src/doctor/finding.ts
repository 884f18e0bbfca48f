/**
 * What the doctor has found.
 *
 * @module
 */

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
