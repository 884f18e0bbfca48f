/**
 * What callers and readers use: results, groups, small texts, and revoking.
 *
 * Several results are read by one request of several commands, not by MGET: in a cluster they are in several slots.
 *
 * @module
 */

import type { CallerBackend } from "@umbel/protocol";
import { decodeGroup, decodeResult, encodeGroup } from "@umbel/protocol";
import type { Board } from "./board.ts";
import type { Keys } from "./keys.ts";
import { milliseconds } from "./milliseconds.ts";
import { lettersCall } from "./notes.ts";
import { emit } from "./scripts/emit.ts";
import { keepText } from "./scripts/keep-text.ts";
import { revoke } from "./scripts/revoke.ts";
import { getOf, type Store, textsIn } from "./store.ts";

/** The part of a caller's port that needs no waiting. */
export type Readers = Omit<CallerBackend, "name" | "watch" | "watchGroup" | "wait">;

/** What is read. */
export interface Read {
  readonly store: Store;
  readonly keys: Keys;
  readonly board: Board;
}

/** Reads from a store. */
export function readersOf({ store, keys, board }: Read): Readers {
  return {
    async read(ids) {
      const texts = await store.send(ids.map((id) => getOf(keys.result(id))));
      return texts.map((text) => (typeof text === "string" ? decodeResult(text) : undefined));
    },

    async forget(ids, groups = [], texts = []) {
      const kept = [...groups.map((id) => keys.group(id)), ...texts.map((name) => keys.text(name))];
      const gone = [...ids.map((id) => keys.result(id)), ...kept];
      await store.send(gone.map((key) => ({ size: key.length, putInto: (pipeline) => void pipeline.del(key) })));
    },

    async revoke({ ids, terminate, retention }) {
      const args = [terminate ? "1" : "0", milliseconds(retention)];
      const aside = board.keys ? [board.keys.revoked] : [];
      await store.run(
        revoke,
        ids.map((id) => ({ keys: [keys.record(id)], aside, args })),
      );
    },

    async saveGroup(group, resultExpires) {
      await store.set(keys.group(group.id), encodeGroup(group), resultExpires);
    },

    async group(id) {
      const text = await store.get(keys.group(id));
      return text === undefined ? undefined : decodeGroup(id, text);
    },

    async emit(events) {
      if (events.length > 0) await store.run(emit, [lettersCall(board, events)]);
    },

    ...textsOf(store, keys),
  };
}

function textsOf(store: Store, keys: Keys): Pick<Readers, "load" | "save" | "loadAll" | "saveAll"> {
  return {
    load: (name) => store.get(keys.text(name)),

    save: (name, text, seconds) => store.set(keys.text(name), text, seconds),

    async loadAll(names) {
      return textsIn(await store.send(names.map((name) => getOf(keys.text(name)))));
    },

    async saveAll(texts, seconds) {
      const life = milliseconds(seconds);
      await store.run(
        keepText,
        texts.map(({ name, text }) => ({ keys: [keys.text(name)], args: [text, life] })),
      );
    },
  };
}
