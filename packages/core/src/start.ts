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
import {
  BackendUnavailable,
  BrokerUnavailable,
  decodeSignature,
  failureOf,
  InvalidMessageError,
  parseJson,
  type Publication,
  type Signature,
  writeDate,
  writeJson,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { childId } from "./identity.ts";
import { perform } from "./perform.ts";
import { publicationOf } from "./publication.ts";
import { publishOrThrow } from "./publish.ts";
import { retentionOf } from "./retention.ts";
import { retryPolicy } from "./retry.ts";

const startName = "umbel.start";

/** A canvas whose text is longer than this, in characters, travels by reference. */
const largestCanvas = 65_536;

/**
 * Sends the calls that start an applied canvas, `expand(canvas)`. Without a backend always directly.
 * Throws what publishing throws, and `BackendUnavailable` when the canvas cannot be stored.
 */
export async function start(app: Application, canvas: Signature, calls: readonly Call[]): Promise<void> {
  const text = calls.length > 1 && app.hasBackend ? writeJson(atFixedTimes(app, canvas)) : "";
  if (text.length <= largestCanvas && (calls.length <= app.broker.traits.maxBatch || text === "")) {
    await publishOrThrow(app, publicationsOf(app, calls));
    return;
  }
  const id = resultIdOf(canvas);
  await app.backend.save(storedName(id), text, retentionOf(app));
  const message = signature(startName, { args: [id], options: { task_id: childId(id, "start"), ignore_result: true } });
  await publishOrThrow(app, publicationsOf(app, expand(message)));
}

/** The built-in task that sends what was stored. It is retried for as long as broker and store are away. */
export function startTask(app: Application): RegisteredTask {
  const options = {
    name: startName,
    autoretryFor: [BackendUnavailable, BrokerUnavailable],
    maxRetries: null,
    retryBackoff: true,
    retryBackoffMax: 60,
  };
  return {
    name: startName,
    options,
    policy: retryPolicy(options),
    accept: async (args) => await Promise.resolve(args),
    run: async (_task, [id]) => await sendStored(app, String(id)),
  };
}

async function sendStored(app: Application, id: string): Promise<null> {
  const text = await app.backend.load(storedName(id));
  if (text === undefined) {
    await failStart(app, id);
    return null;
  }
  const publications = publicationsOf(app, expand(decodeSignature(parseJson(text))));
  await perform(
    app,
    publications.map((publication) => ({ kind: "send", publication })),
  );
  return null;
}

/** Whoever waits for the canvas is told: its text has not outlived its message. */
async function failStart(app: Application, id: string): Promise<void> {
  const failure = failureOf(new InvalidMessageError(`The stored canvas of ${id} is gone: it has expired`));
  const result = {
    status: "FAILURE",
    result: failure,
    traceback: null,
    children: [],
    date_done: writeDate(app.platform.now()),
    task_id: id,
  };
  await perform(app, [{ kind: "settle", id, state: "FAILURE", result }]);
}

function publicationsOf(app: Application, calls: readonly Call[]): readonly Publication[] {
  return calls.map((each) => publicationOf(app, each));
}

/** Seconds from now become instants, since the canvas may be applied later than it was sent. */
function atFixedTimes(app: Application, canvas: Signature): Signature {
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

function storedName(id: string): string {
  return `canvas:${id}`;
}
