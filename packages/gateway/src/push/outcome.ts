/**
 * What an answer means for a message (qstash.md section 6).
 *
 * @module
 */

import type { Answer, Message } from "./message.ts";
import { retryAfter } from "./retry-after.ts";
import { retryWait } from "./retry-wait.ts";

/** How a delivery ended. `wait` is in seconds. */
export type Outcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly wait: number }
  | { readonly kind: "failed" };

/** What of a message decides. */
export interface Judged {
  readonly draft: Pick<Message["draft"], "retries" | "retryDelay">;
  readonly retried: number;
}

/** Judges an answer; `now` is in milliseconds since 1970. Only 2xx is success: a redirection is not followed. */
export function outcomeOf({ draft, retried }: Judged, answer: Answer, now: number): Outcome {
  if (answer.status >= 200 && answer.status < 300) return { kind: "delivered" };
  if (retried >= draft.retries || isNonRetryable(answer)) return { kind: "failed" };

  const asked = retryAfter((name) => headerOf(answer, name), now);
  return { kind: "retry", wait: retryWait({ retried, asked, expression: draft.retryDelay }) };
}

/** QStash wants both, so that a 489 of somebody else's means nothing. */
function isNonRetryable(answer: Answer): boolean {
  return answer.status === 489 && headerOf(answer, "upstash-nonretryable-error")?.toLowerCase() === "true";
}

function headerOf(answer: Answer, name: string): string | undefined {
  return Object.entries(answer.headers).find(([key]) => key.toLowerCase() === name)?.[1][0];
}
