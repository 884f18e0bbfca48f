/**
 * Texts under names: small ones that change, and those that messages refer to, which never do.
 *
 * @module
 */

import type { Backend } from "@umbel/protocol";
import { type ExpiringMap, expiringMap } from "./expiring.ts";

/** The part of the port that is about texts. */
export type Texts = Pick<Backend, "load" | "save" | "loadAll" | "saveAll">;

/** A store of them, and what deletes them there. */
export interface TextStore {
  readonly texts: Texts;
  readonly remove: (names: readonly string[]) => void;
}

/** Keeps texts. */
export function textStore(now: () => number): TextStore {
  const kept = expiringMap<string>(now);
  return { texts: textsIn(kept), remove: (names) => names.forEach((name) => kept.delete(name)) };
}

function textsIn(texts: ExpiringMap<string>): Texts {
  return {
    async load(name) {
      return texts.get(name);
    },

    async save(name, text, seconds) {
      texts.set(name, text, seconds);
    },

    async loadAll(wanted) {
      return wanted.map((name) => texts.get(name));
    },

    async saveAll(given, seconds) {
      for (const { name, text } of given) texts.keep(name, texts.get(name) ?? text, seconds);
    },
  };
}

/** A claim that also answers with the texts that were asked for, when it gives the fence. */
export function withTexts(claim: Backend["claim"], { loadAll }: Pick<Texts, "loadAll">): Backend["claim"] {
  return async (request) => {
    const answer = await claim(request);
    const { load } = request;
    return load === undefined || !("fence" in answer) ? answer : { ...answer, texts: await loadAll(load) };
  };
}
