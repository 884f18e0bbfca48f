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
  failureOf,
  InvalidMessageError,
  parseJson,
  writeDate,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { perform } from "./perform.ts";
import { publicationOf } from "./publication.ts";
import { retryPolicy } from "./retry.ts";
import { startName, storedName } from "./start.ts";

/** Sends what was stored. It is retried for as long as broker and store are away. */
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
    run: async (_task, [name, id = name]) => await sendStored(app, String(name), String(id)),
  };
}

async function sendStored(app: Application, name: string, id: string): Promise<null> {
  const text = await app.backend.load(storedName(name));
  if (text === undefined) {
    await failStart(app, id);
    return null;
  }
  const publications = expand(decodeSignature(parseJson(text))).map((each) => publicationOf(app, each));
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
