/**
 * Revokes calls: marks them in the store, and has a worker tell those that wait for one which is not due yet.
 *
 * What follows a call is known by its message only, and that is with the broker. So one message of a built-in task goes to a
 * worker, which finds it there (revoke-task.ts).
 *
 * @module
 */

import { line, signature } from "@umbel/canvas";
import type { CallingApplication } from "./application.ts";
import * as kinds from "./kinds.ts";
import { checkKind } from "./kinds.ts";
import { publicationOf } from "./publication.ts";
import { publishOrThrow } from "./publish.ts";
import { waitingRetentionOf } from "./retention.ts";

/** Name of the built-in task that tells what waits for revoked calls. */
export const revokeName = "umbel.revoke";

/** Most calls in one such message: its worker reads each by a request, and an edge runtime allows it fifty in all. */
const mostIds = 20;

/**
 * Marks first: from then on no worker begins any of them, whatever becomes of the message. Throws what publishing throws;
 * the marks stay.
 */
export async function revokeCalls(app: CallingApplication, ids: readonly string[], terminate: boolean): Promise<void> {
  if (ids.length === 0) return;
  for (const id of ids) checkKind("The id of a call", kinds.id, id);
  await app.backend.revoke({ ids, terminate, retention: waitingRetentionOf(app) });
  if (!app.broker.traits.cancel) return;
  const parts = Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, nth) => {
    return ids.slice(nth * mostIds, (nth + 1) * mostIds);
  });
  const calls = parts.flatMap((part) => {
    return line.expand(
      signature(revokeName, { args: [part], options: { task_id: app.platform.newId(), ignore_result: true } }),
    );
  });
  await publishOrThrow(
    app,
    calls.map((each) => publicationOf(app, each)),
  );
}
