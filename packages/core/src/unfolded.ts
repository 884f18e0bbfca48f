/**
 * A message with what it refers to, as much of it as is needed at a time (delivery.md 4). Only a worker needs any.
 *
 * What a task needs in order to run, and to send what is next, comes with the claim. When it fails all that will never run
 * is read; a chord's body when the chord is complete; everything when it would not be kept for long enough.
 *
 * @module
 */

import { listOf } from "@umbel/canvas";
import {
  type Claim,
  type Publication,
  type Reference,
  referenceIn,
  type Signature,
  type TaskMessage,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { followersIn, referencesIn } from "./references.ts";
import { neededLife } from "./shelf.ts";
import { readerOf, reading } from "./stored-texts.ts";
import { unfoldAll, unfoldArguments, unfoldBody, unfoldEmbed, unfoldToRun } from "./unfold.ts";

/** Names of what a message needs in order to run; undefined for most, which need nothing. */
export function namesToRun(message: TaskMessage): readonly string[] | undefined {
  if (!needsTexts(message)) return undefined;
  const reader = readerOf(new Map());
  unfoldToRun(reader, message);
  return [...reader.wanted];
}

/**
 * A claimed message with its arguments, its callbacks and errbacks, and the next steps of its chain. Its arguments stay
 * what they are referred to by when they are gone. Throws `BackendUnavailable`.
 */
export async function unfoldedToRun(
  app: CallingApplication,
  message: TaskMessage,
  claimed?: Claim,
): Promise<TaskMessage> {
  const names = namesToRun(message);
  if (names === undefined) return message;
  const texts = claimed && "texts" in claimed ? (claimed.texts ?? []) : [];
  const known = new Map(texts.map((text, index) => [names[index] ?? "", text]));
  return await reading(app, { id: message.headers.id, known }, (reader) => unfoldToRun(reader, message));
}

/**
 * A message with all of the chain that follows it, to end what will never run; with the chord's body if that is asked for.
 * Throws `BackendUnavailable`.
 */
export async function unfoldedToEnd(
  app: CallingApplication,
  message: TaskMessage,
  { withChord }: { readonly withChord: boolean },
): Promise<TaskMessage> {
  const [args, kwargs, embed] = message.body;
  const { chain, chord } = embed ?? {};
  if (referencesIn([...listOf(chain), ...listOf(chord)]).length === 0) return message;
  return await reading(app, message.headers, (reader) => {
    const ends = { ...embed, ...(chain ? { chain: unfoldAll(reader, chain) } : {}) };
    const [body] = withChord ? unfoldAll(reader, listOf(chord)) : [];
    return { ...message, body: [args, kwargs, body === undefined ? ends : { ...ends, chord: body }] };
  });
}

/** A message that will not be sent, with all that is to be known of it in order to end it. Throws `BackendUnavailable`. */
export async function unfoldedUnsent(app: CallingApplication, message: TaskMessage): Promise<TaskMessage> {
  if (referencesOf(message).length === 0) return message;
  const opened = await reading(app, message.headers, (reader) => unfoldToRun(reader, message));
  return await unfoldedToEnd(app, opened, { withChord: false });
}

/** The body of a complete chord; with all that follows it when it is to be ended. Throws `BackendUnavailable`. */
export async function unfoldedBody(
  app: CallingApplication,
  body: Signature,
  { isDoomed, member }: { readonly isDoomed: boolean; readonly member: string },
): Promise<Signature> {
  if (referencesIn([body]).length === 0) return body;
  return await reading(app, { id: member }, (reader) => {
    const [whole = body] = isDoomed ? unfoldAll(reader, [body]) : (unfoldBody(reader, body) ?? []);
    return whole;
  });
}

/**
 * Publications that refer to nothing which may be gone when they are delivered: instead they have it themselves, to be
 * stored once more. Throws `BackendUnavailable`.
 */
export async function refreshed(
  app: CallingApplication,
  publications: readonly Publication[],
): Promise<readonly Publication[]> {
  if (!publications.some((each) => isOld(app, each))) return publications;
  return await Promise.all(publications.map(async (each) => (isOld(app, each) ? await refresh(app, each) : each)));
}

function isOld(app: CallingApplication, publication: Publication): boolean {
  const references = referencesOf(publication.message);
  if (references.length === 0) return false;
  const needed = app.platform.now() + neededLife(app, [publication]) * 1000;
  return references.some(({ until }) => until < needed);
}

async function refresh(app: CallingApplication, publication: Publication): Promise<Publication> {
  const { message } = publication;
  const made = await reading(app, message.headers, (reader) => {
    const { body } = unfoldArguments(reader, message);
    const [args, kwargs, embed] = body;
    return { ...message, body: [args, kwargs, embed && unfoldEmbed(reader, embed)] } satisfies TaskMessage;
  });
  return { ...publication, message: made };
}

function referencesOf({ body: [, , embed] }: TaskMessage): readonly Reference[] {
  const { given } = embed ?? {};
  return [...(given ? [given] : []), ...referencesIn(followersIn(embed))];
}

/** Whether a message cannot be run, or what is next not be sent, before something is read. */
function needsTexts({ body: [, , embed] }: TaskMessage): boolean {
  const { given, callbacks, errbacks, chain } = embed ?? {};
  const needed = [...(callbacks ?? []), ...(errbacks ?? []), ...(chain ?? []).slice(-1)];
  return Boolean(given) || needed.some((each) => referenceIn(each) !== undefined);
}
