/**
 * Where texts wait that are about to be put into the store.
 *
 * A text is named by what it says. So whoever comes to the same again keeps the same texts under the same names, however
 * often it is repeated, and what several messages refer to is kept once.
 *
 * @module
 */

import { MessageTooLargeError, type NamedText, namesOf, type Publication, type Reference } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { retentionOf } from "./retention.ts";

/** Texts that are to be kept. */
export interface Shelf {
  /** Until when they will be kept: milliseconds since 1970. */
  readonly until: number;
  /** Adds texts of a root. The reference says `until`, which is earlier where they refer to something that is kept shorter. */
  put(root: string, texts: readonly string[], until: number): Reference;
  /**
   * Puts everything into the store, if there is anything. Throws `BackendUnavailable`, and `MessageTooLargeError` for a text
   * that is too large for the store.
   */
  save(): Promise<void>;
}

/** A shelf for what is to be published. */
export function openShelf(app: CallingApplication, publications: readonly Publication[]): Shelf {
  // Twice as long as the messages need it: what follows them refers to it again, and does not have to save it again.
  const life = 2 * neededLife(app, publications);
  const texts = new Map<string, string>();
  return {
    until: app.platform.now() + life * 1000,

    put(root, parts, until) {
      const reference = { root, hash: childId(root, parts.join("\n")), at: 0, of: parts.length, until };
      for (const [index, name] of namesOf(reference).entries()) texts.set(name, parts[index] ?? "");
      return reference;
    },

    async save() {
      const named = Array.from(texts, ([name, text]) => ({ name, text }));
      if (named.length > 0) await saveInParts(app, named, life);
    },
  };
}

/** Seconds for which that must be kept which messages refer to. */
export function neededLife(app: CallingApplication, publications: readonly Publication[]): number {
  const latest = publications.reduce((instant, { notBefore = 0 }) => Math.max(instant, notBefore), 0);
  return retentionOf(app, latest);
}

/** Many texts may be too large for one request. */
async function saveInParts(app: CallingApplication, texts: readonly NamedText[], seconds: number): Promise<void> {
  try {
    await app.backend.saveAll(texts, seconds);
  } catch (error) {
    if (!(error instanceof MessageTooLargeError) || texts.length === 1) throw error;
    const middle = Math.ceil(texts.length / 2);
    await saveInParts(app, texts.slice(0, middle), seconds);
    await saveInParts(app, texts.slice(middle), seconds);
  }
}
