/**
 * The official client, loaded when it is first needed. With it comes a library of signatures, a third of all modules that
 * `umbel status` would load, and many who have a broker at hand ask it nothing.
 *
 * That is for Node, Bun and Deno, which load modules one by one (`#official` in the package's manifest). All others have
 * `official-at-once`: bundlers leave out what nobody uses of a module, but not of one that is loaded later.
 *
 * @module
 */

import type { Client, Receiver } from "@upstash/qstash";
import type { Ask, ClientOptions, ReceiverOptions } from "./official-client.ts";

/** Has a client made for the first call: it asks QStash. */
export function openClient(options: ClientOptions): Ask {
  let client: Client | undefined;
  return async (call) => {
    const official = await import("@upstash/qstash");
    return await call((client ??= new official.Client(options)));
  };
}

/** Makes a receiver: it verifies QStash's signatures. */
export async function makeReceiver(options: ReceiverOptions): Promise<Receiver> {
  const official = await import("@upstash/qstash");
  return new official.Receiver(options);
}
