/**
 * Reads texts that messages refer to, in as many rounds as it takes: what has been read may refer to something else.
 *
 * What is gone keeps its reference, which tells how it would have ended: that much can still be told to whoever waits for it.
 *
 * @module
 */

import {
  decodeSignature,
  InvalidMessageError,
  namesOf,
  parseJson,
  type Reference,
  referenceIn,
  type Signature,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { isRecord } from "./environment.ts";
import { workerLogger } from "./log.ts";
import { printable } from "./printable.ts";

/** Most texts that are wanted at once: no message of ours refers to so many, and a forged one could to any number. */
const mostWanted = 10_000;

/** What has been read so far, undefined for what is gone. */
export type Texts = ReadonlyMap<string, string | undefined>;

/** What somebody who makes something of texts is given. */
export interface Reader {
  readonly texts: Texts;
  /** Names of what has to be read first. */
  readonly wanted: Set<string>;
  /** Whether something is gone, or cannot be read. */
  isLost: boolean;
}

/** A reader of these texts. */
export function readerOf(texts: Texts): Reader {
  return { texts, wanted: new Set(), isLost: false };
}

/** What is read. */
interface Reading {
  /** Id of the call that it belongs to, for the log. */
  readonly id: string;
  /** What has been read before. */
  readonly known?: Texts;
}

/** What `make` makes of texts; it is called again when others have been read that it wants. Throws `BackendUnavailable`. */
export async function reading<Made>(
  app: CallingApplication,
  { id, known = new Map() }: Reading,
  make: (reader: Reader) => Made,
): Promise<Made> {
  const texts = new Map(known);
  for (;;) {
    const reader = readerOf(texts);
    const made = make(reader);
    const names = [...reader.wanted];
    if (names.length === 0) {
      if (reader.isLost) tellLost(app, id);
      return made;
    }
    const read = await app.backend.loadAll(names);
    for (const [index, name] of names.entries()) texts.set(name, read[index]);
  }
}

function tellLost(app: CallingApplication, id: string): void {
  app
    .logger({ logger: workerLogger })
    .critical(`Something that ${printable(id)} refers to was kept in the store, and is gone: it has expired`);
}

/** What a signature refers to, in the order of a chain: what is next stands last. Undefined when it cannot be had yet, or never. */
export function signaturesIn(reader: Reader, signature: Signature): readonly Signature[] | undefined {
  const reference = referenceIn(signature);
  const lists = reference && partsIn(reader, reference)?.map((part) => (Array.isArray(part) ? part : [undefined]));
  if (lists === undefined) return undefined;
  return orLost(reader, () => lists.toReversed().flat().map(decodeSignature));
}

/** The arguments that are referred to. Undefined when they cannot be had yet, or never. */
export function argumentsIn(
  reader: Reader,
  reference: Reference,
): readonly [readonly unknown[], Readonly<Record<string, unknown>>] | undefined {
  const [given] = partsIn(reader, reference) ?? [];
  const [args, kwargs]: readonly unknown[] = Array.isArray(given) ? given : [];
  if (Array.isArray(args) && isRecord(kwargs) && !Array.isArray(kwargs)) return [args, kwargs];
  return given === undefined ? undefined : lost(reader);
}

function partsIn(reader: Reader, reference: Reference): readonly unknown[] | undefined {
  const { texts, wanted } = reader;
  const names = namesOf(reference);
  if (wanted.size + names.length > mostWanted) return lost(reader);
  for (const name of names) if (!texts.has(name)) wanted.add(name);
  if (names.some((name) => !texts.has(name))) return undefined;
  const found = names.flatMap((name) => texts.get(name) ?? []);
  if (found.length < names.length || found.length === 0) return lost(reader);
  return orLost(reader, () => found.map(parseJson));
}

function lost(reader: Reader): undefined {
  reader.isLost = true;
  return undefined;
}

/** What was kept has been written by us; what cannot be read is as good as gone. */
function orLost<Read>(reader: Reader, read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return lost(reader);
  }
}
