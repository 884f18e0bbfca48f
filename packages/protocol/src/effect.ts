/**
 * What must happen after an attempt, as data.
 *
 * A task's outcome and its effects are stored in one atomic write; whoever holds the message then performs the stored
 * effects, as often as it takes. Each can be performed any number of times, by anyone, with the same end: ids are known
 * in advance, the first stored state of a node stays, a chord counts members, not messages (delivery.md 2, 8, 13).
 *
 * @module
 */

import * as z from "zod/mini";
import { Publication } from "./broker.ts";
import { decode, type ShapeOf } from "./decode.ts";
import { EncodeError } from "./errors.ts";
import { parseJson, writeJson } from "./json.ts";
import { isResult, misfitOfResult, type ResultMeta, type StoredResult, wholeResult } from "./result.ts";
import { shareResults, unshareResults } from "./shared-results.ts";
import { Signature } from "./signature.ts";
import { TerminalState } from "./terminal-state.ts";

/** Publish a message: a callback, an errback, the next step of a chain, a retry, a body. */
export interface SendEffect {
  readonly kind: "send";
  readonly publication: Publication;
}

/** Store an end for a node that will never run: what follows a failed step (delivery.md 14). */
export interface SettleEffect {
  readonly kind: "settle";
  readonly id: string;
  readonly state: TerminalState;
  /** What readers see; absent when nothing is stored for them (ignored results). */
  readonly result?: ResultMeta;
  /** Root of the canvas that ends it; absent from what an older version has stored. */
  readonly root?: string;
}

/** Count a chord's member; whoever completes the chord sends its body. */
export interface JoinEffect {
  readonly kind: "join";
  readonly part: ChordPart;
  /** Group id of the chord's header. */
  readonly group: string;
  /** Number of distinct members that must end. */
  readonly size: number;
  readonly body: Signature;
  /** Root of the canvas. */
  readonly root: string;
  /** Ids of members that this one has added to the chord (delivery.md 13): the chord waits for them as well. */
  readonly adds?: readonly string[];
}

/** How one member of a chord ended. */
export interface ChordPart {
  /** Task id of the member; a member is counted once, whatever comes later under its id. */
  readonly id: string;
  /** Place in the header; members without one come last. */
  readonly index: number | null;
  /**
   * Of a member that was added while the chord ran: the place of the member that added it, then which addition it is. Added
   * ones come after the header, owner by owner.
   */
  readonly added?: readonly number[];
  readonly state: TerminalState;
  /** The value; a {@link FailureData} when the state is FAILURE or REVOKED; null when IGNORED. */
  readonly result: unknown;
  /** The header of this name of its message (W3C Trace Context), where it had one: the body is linked to it. */
  readonly traceparent?: string;
}

/** What must follow an attempt. */
export type Effect = SendEffect | SettleEffect | JoinEffect;

const id = z.string().check(z.minLength(1));

const partShape = {
  id,
  index: z.nullable(z.int()),
  added: z.exactOptional(z.array(z.int())),
  state: TerminalState,
  result: z.unknown(),
  traceparent: z.exactOptional(z.string()),
} satisfies ShapeOf<ChordPart>;

const sendShape = {
  kind: z.literal("send"),
  publication: Publication,
} satisfies ShapeOf<SendEffect>;

/** Accepts what is stored for a task, which is checked by hand. */
const Stored: z.ZodMiniType<ResultMeta> = z.pipe(
  z.custom<StoredResult>(isResult, { error: ({ input }) => misfitOfResult(input) ?? "" }),
  z.transform((result: StoredResult) => wholeResult(result)),
);

const settleShape = {
  kind: z.literal("settle"),
  id,
  state: TerminalState,
  result: z.exactOptional(Stored),
  root: z.exactOptional(id),
} satisfies ShapeOf<SettleEffect>;

/** Accepts a chord's part that was stored. */
export const ChordPart: z.ZodMiniType<ChordPart> = z.looseObject(partShape);

const joinShape = {
  kind: z.literal("join"),
  part: ChordPart,
  group: id,
  size: z.int().check(z.minimum(1)),
  body: Signature,
  root: id,
  adds: z.exactOptional(z.array(id)),
} satisfies ShapeOf<JoinEffect>;

/** Accepts an effect that was stored. */
export const Effect: z.ZodMiniType<Effect> = z.discriminatedUnion("kind", [
  z.looseObject(sendShape),
  z.looseObject(settleShape),
  z.looseObject(joinShape),
]);

const Effects: z.ZodMiniType<readonly Effect[]> = z.array(Effect);

/**
 * Writes effects as they are stored with an outcome. Throws `EncodeError` when a value in them is not JSON, and when they
 * could not be read again: stored so, they would stop every delivery of the task for ever.
 */
export function encodeEffects(effects: readonly Effect[]): string {
  const text = writeJson(shareResults(effects));
  try {
    decodeEffects(text);
  } catch (cause) {
    throw new EncodeError(`These effects could not be read again: ${String(cause)}`, { cause });
  }
  return text;
}

/** Reads stored effects. Throws `InvalidMessageError` that names the field. */
export function decodeEffects(text: string): readonly Effect[] {
  return decode(Effects, unshareResults(parseJson(text)), "Effects");
}

/** Writes a chord's part as it is stored, no result as null. Throws `EncodeError` when its result is not JSON. */
export function encodeChordPart(part: ChordPart): string {
  return writeJson({ ...part, result: part.result ?? null });
}

/** Reads a stored part of a chord. Throws `InvalidMessageError` that names the field. */
export function decodeChordPart(text: string): ChordPart {
  return decode(ChordPart, parseJson(text), "Chord part");
}

/**
 * A chord's parts as its body gets them: by place in the header, those without one last, then those that were added, owner
 * by owner in the order of adding; equals by id (delivery.md 13).
 */
export function inHeaderOrder(parts: readonly ChordPart[]): readonly ChordPart[] {
  return parts.toSorted((one, other) => comparePlaces(placeOf(one), placeOf(other)) || (one.id < other.id ? -1 : 1));
}

const afterAll = Number.MAX_SAFE_INTEGER;

/** Added ones come after what has no place. */
function placeOf({ index, added }: ChordPart): readonly number[] {
  return added === undefined ? [index ?? afterAll] : [afterAll, ...added];
}

function comparePlaces(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((each, nth) => each !== other[nth]);
  return at === -1 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}
