/**
 * The built-in task that tells what waits for revoked calls (delivery.md 16). Only a worker needs it.
 *
 * A message that is held back is sent once more, now and under the next generation: whoever claims it finds the mark, ends
 * the call as revoked, and with it all that waits for it. Then the one that is held back is taken from the broker. What is
 * on its way already, or runs, finds the mark by itself.
 *
 * @module
 */

import {
  BackendUnavailable,
  BrokerUnavailable,
  decodePush,
  type HeldMessage,
  InvalidMessageError,
  type Publication,
} from "@umbel/protocol";
import type { Application, RegisteredTask } from "./application.ts";
import { workerLogger } from "./log.ts";
import { publicationFor } from "./publication.ts";
import { publish } from "./publish.ts";
import { retryPolicy } from "./retry.ts";
import { revokeName } from "./revoke.ts";

/** Sends what is held back of the calls that are named. It is retried for as long as the broker is away. */
export function revokeTask(app: Application): RegisteredTask {
  const options = {
    name: revokeName,
    autoretryFor: [BackendUnavailable, BrokerUnavailable],
    maxRetries: null,
    retryBackoff: true,
    retryBackoffMax: 60,
  };
  return {
    name: revokeName,
    options,
    policy: retryPolicy(options),
    accept: async (args) => await Promise.resolve(args),
    run: async (_task, [ids]) => await sendHeld(app, Array.isArray(ids) ? ids.map(String) : []),
  };
}

/** How many were sent. */
async function sendHeld(app: Application, ids: readonly string[]): Promise<number> {
  const held = (await app.broker.held?.(ids)) ?? [];
  const found = await Promise.all(held.map(async (each) => ({ each, publication: await nowOf(app, each) })));
  const sendable = found.flatMap(({ each, publication }) => (publication === undefined ? [] : [{ each, publication }]));
  const refusals = await publish(
    app,
    sendable.map(({ publication }) => publication),
  );
  const refused = new Set(refusals.map(({ publication }) => publication.deduplicationId));
  for (const { error } of refusals) tell(app, error.message);
  const sent = sendable.filter(({ publication }) => !refused.has(publication.deduplicationId));
  if (sent.length > 0) await app.broker.discard?.(sent.map(({ each }) => each.messageId));
  return sent.length;
}

/** The same message, due now. Should the mark be gone, it is sent on until it is due. */
async function nowOf(app: Application, { body, queue, target }: HeldMessage): Promise<Publication | undefined> {
  const read = await messageIn(app, body);
  if (read === undefined) return undefined;
  const generation = (read.properties.generation ?? 0) + 1;
  const message = { ...read, properties: { ...read.properties, generation, early: true } };
  const { notBefore: _, ...publication } = publicationFor(message, { queue, target });
  // Not that of a leg that a worker sends on at the same time: of the two, this one must not be taken for the other.
  return { ...publication, deduplicationId: `${publication.deduplicationId}:revoked` };
}

async function messageIn(app: Application, body: string) {
  try {
    return await decodePush(body);
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    tell(app, error.message);
    return undefined;
  }
}

function tell(app: Application, why: string): void {
  const log = app.logger({ logger: workerLogger });
  log.error(`A revoked call waits at the broker until it is due, and what follows it with it: ${why}`);
}
