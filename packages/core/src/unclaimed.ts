/**
 * What a worker has instead of a backend: whoever gets a message runs it, and what follows is sent at once.
 *
 * Nothing is stored, so nothing is held, counted or remembered: a message that is delivered twice runs twice.
 *
 * @module
 */

import type { Backend, Claim, ClaimRequest } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { workerLogger } from "./log.ts";
import { noBackend } from "./no-backend.ts";
import { printable } from "./printable.ts";

/** Grants every claim, takes every end, and shows readers nothing. */
export function unclaimed(app: CallingApplication): Backend {
  const log = app.logger({ logger: workerLogger });
  return {
    ...noBackend(app.name),
    claim: async (request) => await Promise.resolve(granted(request, app.platform.now())),
    renew: async () => await Promise.resolve({ held: true, revoked: false, terminate: false }),
    progress: async () => await Promise.resolve(false),
    finish: async ({ effects }) => await Promise.resolve({ applied: true, effects }),
    settle: async () => await Promise.resolve(),
    async join({ part, group }) {
      log.critical(
        `${printable(part.id)} is a member of the chord ${printable(group)}, which nobody counts here: ` +
          `"${app.name}" has no backend, so the chord's body is never sent`,
      );
      return await Promise.resolve({ complete: false, ended: 0 });
    },
  };
}

/** Only what the message itself says can be judged. */
function granted({ retries, generation, expires, undeliverable, declined }: ClaimRequest, now: number): Claim {
  const fence = { retries, generation, epoch: 0 };
  if (expires !== undefined && expires <= now) return { answer: "revoked", fence, reason: "expired" };
  if (undeliverable === true) return { answer: "lost", fence, ...(declined === true ? { wasPaused: true } : {}) };
  return declined === true ? { answer: "paused" } : { answer: "run", fence };
}
