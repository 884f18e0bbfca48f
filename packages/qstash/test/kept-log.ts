/**
 * The logs of QStash, as far as its documentation describes them, in an answer of the recorder: an entry for each step of a
 * message, kept after its end, newest first.
 *
 * @module
 */

import type { Answer } from "./recorder.ts";

/** An entry of the log. */
export interface KeptEntry {
  readonly time: number;
  readonly messageId: string;
  readonly state: string;
  readonly url: string;
  readonly label: string;
  readonly body?: string;
  readonly nextDeliveryTime?: number;
}

/** Answers from a log, at most `most` entries at once, and from the messages that are still there. */
export function keptLog(
  entries: readonly KeptEntry[],
  messages: Readonly<Record<string, object>> = {},
  most = 1000,
): Answer {
  const newestFirst = entries.toReversed();
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url, "http://log.test");
    if (pathname.startsWith("/v2/messages/")) return message(messages, pathname.slice("/v2/messages/".length));
    const asked = newestFirst.filter((entry) => isAsked(entry, searchParams));
    const begin = Number(searchParams.get("cursor") ?? 0);
    const end = begin + Math.min(most, Number(searchParams.get("count") ?? 100));
    return { body: { events: asked.slice(begin, end), ...(end < asked.length && { cursor: String(end) }) } };
  };
}

function isAsked({ messageId, label, url }: KeptEntry, query: URLSearchParams): boolean {
  const holds = (key: string, value: string) => !query.has(key) || query.getAll(key).includes(value);
  return holds("messageIds", messageId) && holds("label", label) && holds("path", new URL(url).pathname);
}

function message(messages: Readonly<Record<string, object>>, id: string): ReturnType<Answer> {
  const found = messages[id];
  return found === undefined ? { status: 404, body: { error: "not found" } } : { body: found };
}
