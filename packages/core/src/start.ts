/**
 * Sends a canvas's first calls: at once where one publish call takes them, else by way of one message.
 *
 * What is too much for one call is stored once, and one message is sent. The worker that gets the message sends the first
 * calls, in as many publish calls as it takes; delivered again it sends the same ones. So a caller that dies has started
 * all of a canvas or nothing of it (delivery.md 4).
 *
 * @module
 */

import { type Call, expand, resultIdOf, signature } from "@umbel/canvas";
import { type Publication, type Signature, writeDate, writeJson } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { publicationOf } from "./publication.ts";
import { publishOrThrow } from "./publish.ts";
import { retentionOf } from "./retention.ts";

/** Name of the built-in task that sends a stored canvas's first calls. */
export const startName = "umbel.start";

/** A canvas whose text is longer than this, in characters, travels by reference. */
const largestCanvas = 65_536;

/**
 * Sends the calls that start an applied canvas, `expand(canvas)`. Without a backend always directly.
 * Throws what publishing throws, and `BackendUnavailable` when the canvas cannot be stored.
 */
export async function start(app: CallingApplication, canvas: Signature, calls: readonly Call[]): Promise<void> {
  const text = calls.length > 1 && app.hasBackend ? writeJson(atFixedTimes(app, canvas)) : "";
  if (text.length <= largestCanvas && (calls.length <= app.broker.traits.maxBatch || text === "")) {
    await publishOrThrow(app, publicationsOf(app, calls), calls[0]?.options);
    return;
  }
  const id = resultIdOf(canvas);
  await app.backend.save(storedName(id), text, retentionOf(app));
  const message = signature(startName, { args: [id], options: { task_id: childId(id, "start"), ignore_result: true } });
  await publishOrThrow(app, publicationsOf(app, expand(message)), calls[0]?.options);
}

function publicationsOf(app: CallingApplication, calls: readonly Call[]): readonly Publication[] {
  return calls.map((each) => publicationOf(app, each));
}

/** Seconds from now become instants, since the canvas may be applied later than it was sent. */
function atFixedTimes(app: CallingApplication, canvas: Signature): Signature {
  const { countdown, expires, ...options } = canvas.options;
  const at = (seconds: number) => writeDate(app.platform.now() + seconds * 1000);
  return {
    ...canvas,
    options: {
      ...options,
      ...(typeof countdown === "number" ? { eta: at(countdown) } : {}),
      ...(expires === undefined ? {} : { expires: typeof expires === "number" ? at(expires) : expires }),
    },
  };
}

/** Under which name the text of a canvas is stored. */
export function storedName(id: string): string {
  return `canvas:${id}`;
}
