/**
 * An application without a backend: its tasks run, its signals fire, what is linked is sent. What needs a store is refused by name.
 *
 * What a worker does without one is in unclaimed.ts.
 *
 * @module
 */

import { needsCount } from "@umbel/canvas";
import { type CallerBackend, NotSupportedError, type Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";

/** In the place of a backend: each of its calls throws `NotSupportedError`, which says what was wanted and how to have it. */
export function noBackend(app: string): CallerBackend {
  return {
    name: "none",
    read: refusing("Reading a state or a result"),
    wait: refusing("Waiting for a result"),
    watch: refusingAtOnce("Following a result"),
    watchGroup: refusingAtOnce("Following a group"),
    forget: refusing("forget()"),
    revoke: refusing("revoke()"),
    saveGroup: refusing("Keeping a group"),
    group: refusing("Restoring a group"),
    load: refusing("Reading what is kept"),
    save: refusing("Keeping something"),
    loadAll: refusing("Reading what is kept"),
    saveAll: refusing("Keeping something"),
  };

  function refusing(what: string): () => Promise<never> {
    return async () => await Promise.reject(refusal(app, what));
  }

  function refusingAtOnce(what: string): () => never {
    return () => {
      throw refusal(app, what);
    };
  }
}

/** Throws `NotSupportedError` when the application has no backend. `what` begins the sentence. */
export function needBackend({ name, hasBackend }: Pick<CallingApplication, "name" | "hasBackend">, what: string): void {
  if (!hasBackend) throw refusal(name, what);
}

/** Throws `NotSupportedError` for a chord, or what would become one, in whatever depth, where nobody could count its members. */
export function refuseUncounted(app: CallingApplication, canvas: Signature): void {
  if (!app.hasBackend && needsCount(canvas)) throw refusal(app.name, "A chord, or a group that something follows,");
}

function refusal(app: string, what: string): NotSupportedError {
  return new NotSupportedError(
    `${what} needs a backend, and the application "${app}" has none: new Umbel("${app}", { backend: upstash() })`,
  );
}
