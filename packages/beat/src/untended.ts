/**
 * Entries of code that nobody ticks any more: a beat without entries of its own, which may send none of them, tells the log.
 *
 * @module
 */

import type { StoredEntry } from "@umbel/protocol";
import { beatLogger, type Desk } from "./desk.ts";

/** Milliseconds by which an entry is late that nobody ticks: a deployment may take as long. */
const long = 600_000;
/** Milliseconds between two lines. */
const pause = 3_600_000;

/** When it was told of an application's last, by the store's clock. */
const told = new WeakMap<Desk["app"], number>();

/** Tells of those of another deployment's that are long overdue, once in an hour. */
export function tellUntended(
  { app }: Pick<Desk, "app">,
  { foreign, now }: { readonly foreign: readonly StoredEntry[]; readonly now: number },
): void {
  const late = foreign.filter(({ next = Infinity }) => next < now - long);
  const [first] = late;
  if (first === undefined || now - (told.get(app) ?? -Infinity) < pause) return;
  told.set(app, now);
  const minutes = Math.floor((now - (first.next ?? now)) / 60_000);
  const which =
    late.length === 1 ? `The entry ${first.name} of code` : `${late.length} entries of code, ${first.name} first,`;
  app.logger({ logger: beatLogger }).warning(`${which} should have been sent ${minutes} minutes ago: ${advice}`);
}

const advice =
  "this beat has no such entries, and the one that has does not tick. Start that one; or, if they are no more, tick once with " +
  "beat(app, {}), which takes them out";
