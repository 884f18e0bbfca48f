/**
 * Hands a message to whoever may change it on its way: what is put around publishing, and receivers of the signal.
 *
 * What they have made of it is read as a worker will read it. One that no worker would read would never be run, and one
 * under another id would be waited for in vain; so neither is sent, and whoever sends it is told (delivery.md 14).
 *
 * @module
 */

import { InvalidMessageError, misfitOfMessage, type Publication, type TaskMessage } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { Outgoing } from "./around.ts";
import { shownValue } from "./shown-value.ts";

/** What a program puts around its publishing may change: stored publications are sent again as they are. */
export function outgoingOf(publication: Publication): Outgoing {
  const { message } = publication;
  const { headers, properties } = message;
  return { ...publication, message: { ...message, headers: { ...headers }, properties: { ...properties } } };
}

/** The publication with the headers that it has come to. Throws `InvalidMessageError` for what must not be sent. */
export function withHeadersOf(publication: Publication, { message: { headers } }: Outgoing): Publication {
  const { message } = publication;
  // Nothing else can be changed here: what follows the call may be long, and is not read once more.
  const known = { ...message, body: nothing };
  return { ...publication, message: { ...message, headers: checked(surround, known, { ...known, headers }).headers } };
}

/** Lets receivers of the signal change a message, of this publication only. Throws `InvalidMessageError` for what must not be sent. */
export async function announced(app: CallingApplication, publication: Publication): Promise<Publication> {
  if (!app.signals.beforeTaskPublish.hasListeners()) return publication;
  const { message, queue } = publication;
  const [args, kwargs, embed] = message.body;
  const body: TaskMessage["body"] = [args, kwargs, embed === null ? null : { ...embed }];
  const payload = { body, headers: { ...message.headers }, properties: { ...message.properties }, routingKey: queue };
  await app.signals.beforeTaskPublish.send(message.headers.task, payload);
  const { headers, properties } = payload;
  return { ...publication, message: checked(receiver, message, { headers, properties, body }) };
}

const surround = "What is put around the step publish";
const receiver = "A receiver of beforeTaskPublish";

const nothing: TaskMessage["body"] = [[], {}, null];

/** A message that was made of another. Throws `InvalidMessageError` that says whose doing it is. */
function checked(whose: string, before: TaskMessage, made: TaskMessage): TaskMessage {
  const { task, id } = before.headers;
  const what = `${whose} has spoilt the message of ${task}[${id}]`;
  const misfit = misfitOfMessage(made);
  if (misfit !== undefined) throw new InvalidMessageError(`${what}: ${misfit}`);
  const changed = places.find(([, valueIn]) => valueIn(made) !== valueIn(before));
  if (changed === undefined) return made;
  const [place, valueIn] = changed;
  throw new InvalidMessageError(`${what}: ${place} is ${shownValue(valueIn(made))}, and has to stay what it was`);
}

/** By what a message is known: to whoever waits for the call, and among all the messages of the same call. */
const places: readonly (readonly [place: string, valueIn: (message: TaskMessage) => unknown])[] = [
  ["headers.id", ({ headers }) => headers.id],
  ["headers.root_id", ({ headers }) => headers.root_id ?? null],
  ["headers.group", ({ headers }) => headers.group ?? null],
  ["headers.retries", ({ headers }) => headers.retries ?? 0],
  ["properties.attempts_before", ({ properties }) => properties.attempts_before ?? 0],
  ["properties.generation", ({ properties }) => properties.generation ?? 0],
];
