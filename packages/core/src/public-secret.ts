/**
 * Tells that strangers may be let in: by development's secrets, which everybody knows.
 *
 * They are good on this machine only. But a proxy on it may hand a stranger's request on as its own (nginx does, unless it
 * is told otherwise), and nothing in such a request gives it away; so the log says that they are in use.
 *
 * @module
 */

import type { CallingApplication } from "./application.ts";

/** By an application's signals: they are the same ones wherever it is served. */
const told = new WeakMap<object, Set<string>>();

/** Warns, once in an application's life for each secret, that a request is judged by a public one instead of `secret`. */
export function warnOfPublicSecret(app: Pick<CallingApplication, "logger" | "signals">, secret: string): void {
  const secrets = told.get(app.signals) ?? new Set();
  if (secrets.has(secret)) return;
  told.set(app.signals, secrets.add(secret));
  app
    .logger({ logger: "umbel" })
    .warning(
      `No ${secret} of your own: what development has, and everybody knows, lets in what comes from this machine, a proxy's requests included. ` +
        "Where strangers can connect, set NODE_ENV=production",
    );
}
