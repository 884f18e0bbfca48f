/**
 * Events of real Celery workers and clients, as they were published; the README of the captures says what is in a file.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { decodeEvents, type EventBody } from "@umbel/protocol";

const folder = new URL("../../../../shared/fixtures/celery-wire/", import.meta.url);

/** Whether the captures lie beside this checkout. */
export const hasCaptures: boolean = existsSync(folder);

if (!hasCaptures) {
  if (process.env["UMBEL_REQUIRE_ALL"] === "1")
    throw new Error("The captures of Celery are missing beside this checkout");
  console.warn("Skipped: events captured from Celery, for shared/fixtures/celery-wire is not beside this checkout");
}

/** Names of all captures that have events: `5.6.3/run/chord`. */
export function captureNames(): readonly string[] {
  if (!hasCaptures) return [];
  const index: readonly { readonly file: string }[] = JSON.parse(readFileSync(new URL("INDEX.json", folder), "utf8"));
  return index.map(({ file }) => file.replace(/\.json$/, "")).filter((name) => publishedIn(name).length > 0);
}

/** The events of a capture, in the order in which they were published. */
export async function eventsOf(name: string): Promise<readonly EventBody[]> {
  return (await Promise.all(publishedIn(name).map(decodeEvents))).flat();
}

function publishedIn(name: string): readonly string[] {
  const { events = [] }: { readonly events?: readonly { readonly raw: string }[] } = JSON.parse(
    readFileSync(new URL(`${name}.json`, folder), "utf8"),
  );
  return events.map(({ raw }) => raw);
}

/** Their bodies in JSON, as their senders wrote them. */
export async function bodiesOf(name: string): Promise<readonly string[]> {
  return publishedIn(name).map((text) => {
    const { body }: { readonly body: string } = JSON.parse(text);
    return Buffer.from(body, "base64").toString();
  });
}
