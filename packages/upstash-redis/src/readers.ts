/**
 * What readers use: results, groups, small texts.
 *
 * Several results are read by one request of several commands, not by MGET: in a cluster they are in several slots.
 *
 * @module
 */

import type { Backend } from "@umbel/protocol";
import { decodeGroup, decodeResult, encodeGroup } from "@umbel/protocol";
import type { Keys } from "./keys.ts";
import { getOf, type Store } from "./store.ts";

/** The part of the port that reads once, and what it reads. */
export type Readers = Pick<Backend, "read" | "forget" | "saveGroup" | "group" | "load" | "save">;

/** Reads from a store. */
export function readersOf(store: Store, keys: Keys): Readers {
  return {
    async read(ids) {
      const texts = await store.send(ids.map((id) => getOf(keys.result(id))));
      return texts.map((text) => (typeof text === "string" ? decodeResult(text) : undefined));
    },

    async forget(ids) {
      const resultKeys = ids.map((id) => keys.result(id));
      await store.send(resultKeys.map((key) => ({ size: key.length, putInto: (pipeline) => void pipeline.del(key) })));
    },

    async saveGroup(group, resultExpires) {
      await store.set(keys.group(group.id), encodeGroup(group), resultExpires);
    },

    async group(id) {
      const text = await store.get(keys.group(id));
      return text === undefined ? undefined : decodeGroup(id, text);
    },

    load: (name) => store.get(keys.text(name)),

    save: (name, text, seconds) => store.set(keys.text(name), text, seconds),
  };
}
