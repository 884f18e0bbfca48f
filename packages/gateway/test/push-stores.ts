/**
 * The stores of the push half, over a database in memory, for tests that drive them by hand.
 *
 * @module
 */

import { openServices, type Services } from "../src/push/services.ts";
import { openDatabase } from "../src/store/database.ts";

/** Opens stores with nothing in them. */
export function openMemory(): Services {
  return openServices({
    database: openDatabase(":memory:"),
    signingKeys: { current: "a", next: "b" },
    newId: () => crypto.randomUUID(),
    deadLetterRetention: 1e6,
  });
}
