/**
 * Captures of real Celery clients and workers; their README says what is in a file.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/fixtures/celery-wire/", import.meta.url);

/** A task message or a control reply that was pushed to a list. */
export interface CapturedPush {
  readonly list: string;
  readonly raw: string;
  readonly envelope: { readonly properties: Readonly<Record<string, unknown>> };
  readonly body?: unknown;
}

/** What was published on a channel. */
export interface CapturedPublish {
  readonly channel: string;
  readonly raw: string;
}

/** An event's publication: one event or a list. */
interface CapturedEvent extends CapturedPublish {
  readonly body: OneOrMore<{ readonly type: string; readonly exception?: string }>;
}

type OneOrMore<T> = T | readonly T[];

/** One scenario. */
export interface Capture {
  readonly python: string;
  readonly messages: readonly CapturedPush[];
  readonly published: readonly CapturedPublish[];
  readonly events: readonly CapturedEvent[];
}

/** Whether the captures lie beside this checkout. */
export const hasCaptures: boolean = existsSync(folder);

if (!hasCaptures) {
  if (process.env["UMBEL_REQUIRE_ALL"] === "1")
    throw new Error("The captures of Celery are missing beside this checkout");
  console.warn("Skipped: tests on captures of Celery, for shared/fixtures/celery-wire is not beside this checkout");
}

/** Names of all captures: `5.6.3/run/chord`. */
export function captureNames(): readonly string[] {
  if (!hasCaptures) return [];
  const index: readonly { readonly file: string }[] = JSON.parse(readFileSync(new URL("INDEX.json", folder), "utf8"));
  return index.map(({ file }) => file.replace(/\.json$/, ""));
}

/** The capture of this name. */
export function capture(name: string): Capture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

/** The first message of a capture, as it was pushed. */
export function firstMessage(name: string): string {
  const [first] = capture(name).messages;
  if (!first) throw new Error(`${name} has no message`);
  return first.raw;
}
