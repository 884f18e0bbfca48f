/**
 * How a message stands, by what the log has of it.
 *
 * @module
 */

import type { LogEntry } from "./log.ts";

/** A message that waits or is being delivered. Instants are milliseconds since 1970. */
export interface Standing {
  readonly messageId: string;
  readonly createdAt: number;
  /** When it is delivered next; undefined while it is being delivered, and where the log does not say. */
  readonly due: number | undefined;
  readonly isOpen: boolean;
  readonly retried: number;
  /** This and the body, in base64, are undefined where the log has none. */
  readonly url: string | undefined;
  readonly body: string | undefined;
}

/** States after which nothing is delivered any more; the client's type and the documentation differ in one. */
const ends: ReadonlySet<string> = new Set(["DELIVERED", "FAILED", "CANCEL_REQUESTED", "CANCELLED", "CANCELED"]);

/** Whether a message has ended, by its newest entry. */
export function hasEnded(entries: readonly LogEntry[] | undefined): boolean {
  const [newest] = entries ?? [];
  return newest !== undefined && ends.has(newest.state);
}

/**
 * How a message stands by its whole history, newest first; undefined when it has ended, or is told with another page than
 * this one, which has shown these entries of it.
 */
export function standingOf(history: readonly LogEntry[] = [], shown: readonly LogEntry[] = []): Standing | undefined {
  const [newest, oldest] = [history[0], history.at(-1)];
  if (!newest || !oldest || hasEnded(history) || !isToldWith(shown, history)) return undefined;
  const isOpen = newest.state === "ACTIVE";
  return {
    messageId: newest.messageId,
    createdAt: oldest.time,
    due: isOpen ? undefined : newest.nextDeliveryTime,
    isOpen,
    retried: newest.retried ?? failuresIn(history),
    ...contentOf(history),
  };
}

function contentOf(history: readonly LogEntry[]): Pick<Standing, "url" | "body"> {
  return { url: history.find(({ url }) => url)?.url, body: history.find(({ body }) => body)?.body };
}

/** The oldest entry is CREATED, unless the log does not go back so far, or keeps one entry for each message. */
function isToldWith(shown: readonly LogEntry[], history: readonly LogEntry[]): boolean {
  if (shown.some(isBirth)) return true;
  return !history.some(isBirth) && shown.some(({ time }) => time === history.at(-1)?.time);
}

function isBirth({ state }: LogEntry): boolean {
  return state === "CREATED";
}

/** Each failure is told by two entries, but the second may not be there yet. */
function failuresIn(history: readonly LogEntry[]): number {
  const [errors, retries] = ["ERROR", "RETRY"].map((state) => history.filter((each) => each.state === state).length);
  return Math.max(errors ?? 0, retries ?? 0);
}
