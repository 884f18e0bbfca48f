/**
 * The same as `official`, for a program that is one file: loaded with it, so that nobody has to wait.
 *
 * @module
 */

import { Client, Receiver } from "@upstash/qstash";
import type { Ask, ClientOptions, ReceiverOptions } from "./official-client.ts";

/** Makes a client: it asks QStash. */
export function openClient(options: ClientOptions): Ask {
  const client = new Client(options);
  return (call) => call(client);
}

/** Makes a receiver: it verifies QStash's signatures. */
export function makeReceiver(options: ReceiverOptions): Receiver {
  return new Receiver(options);
}
