/**
 * The keys that pushes are signed with, and their rotation.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";

import type { Database } from "../store/database.ts";
import { textIn } from "../store/row.ts";

/** Receivers try both; pushes are signed with the current one. */
export interface SigningKeys {
  readonly current: string;
  readonly next: string;
}

/** Keeps the keys, so that a rotation outlives a restart. */
export interface SigningKeyStore {
  keys(): SigningKeys;
  /** The next key becomes the current one, and a new one the next. Resolves with the keys once that is on the disk. */
  rotate(): Promise<SigningKeys>;
}

/**
 * Creates the store. It begins with the configured keys, and goes on with what they were rotated to for as long as the
 * same ones are configured: keys that are configured anew count at once.
 */
export function createSigningKeyStore(database: Database, configured: SigningKeys): SigningKeyStore {
  const name = createHash("sha256").update(`${configured.current}\n${configured.next}`).digest("base64url");
  const select = database.prepare("SELECT current, next FROM signing_key WHERE configured = ?");
  const save = database.prepare(
    "INSERT INTO signing_key VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET current = excluded.current, next = excluded.next",
  );
  let keys = stored();

  function stored(): SigningKeys {
    const row = select.get(name);
    return row === undefined ? configured : { current: textIn(row, "current"), next: textIn(row, "next") };
  }

  return {
    keys: () => keys,
    async rotate() {
      const rotated = await database.write(() => {
        // From the table, not from `keys`: another rotation may share this transaction.
        const turned = { current: stored().next, next: `sig_${randomBytes(21).toString("base64url")}` };
        save.run(name, turned.current, turned.next);
        return turned;
      });
      keys = rotated;
      return rotated;
    },
  };
}
