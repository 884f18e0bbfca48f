/**
 * The built-in task that sends a stored canvas's first calls (delivery.md 4). Only a worker needs it.
 *
 * @module
 */

import { expand } from "@umbel/canvas";
import {
  BackendUnavailable,
  BrokerUnavailable,
  decodeSignature,
  InvalidMessageError,
  isReference,
  parseJson,
  type Signature,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { Replaced } from "./control-flow.ts";
import { sendKept } from "./kept-sends.ts";
import { perform } from "./perform.ts";
import { publicationOf } from "./publication.ts";
import { retryPolicy } from "./retry.ts";
import { bindSignature } from "./signature.ts";
import { standIn } from "./stand-in.ts";
import { startName, storedName } from "./start.ts";

/** Sends what was stored. It is retried for as long as broker and store are away; what comes of its failure: lost-start.ts. */
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
    run: async ({ request }, [key, isReplacement]) => {
      const { stored } = request.kwargs;
      if (isReference(stored)) return await sendKept(app, stored);
      return isReplacement === true ? await replaceStored(app, String(key)) : await sendStored(app, String(key));
    },
  };
}

async function sendStored(app: Application, id: string): Promise<null> {
  const canvas = await loadCanvas(app, id);
  if (canvas === undefined) throw new InvalidMessageError(`The stored canvas of ${id} is gone: it has expired`);
  await sendFirst(app, canvas);
  return null;
}

/** Sends what takes the place of this very task; it ends so, and fails with all that follows it when that is gone. */
async function replaceStored(app: Application, key: string): Promise<never> {
  const canvas = await loadCanvas(app, key);
  if (canvas === undefined)
    throw new InvalidMessageError("What is to replace the task was stored, and is gone: it has expired");
  await sendFirst(app, canvas);
  throw new Replaced(bindSignature<never, unknown, unknown, never, never>(standIn, canvas), { calls: [] });
}

/** The canvas that is stored under a name; undefined when it is gone. Throws `InvalidMessageError` for what is none. */
export async function loadCanvas(app: Application, key: string): Promise<Signature | undefined> {
  const text = await app.backend.load(storedName(key));
  return text === undefined ? undefined : decodeSignature(parseJson(text));
}

async function sendFirst(app: Application, canvas: Signature): Promise<void> {
  const publications = expand(canvas).map((each) => publicationOf(app, each));
  await perform(
    app,
    publications.map((publication) => ({ kind: "send", publication })),
  );
}
