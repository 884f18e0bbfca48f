/**
 * What is had of the official client, whichever way it is loaded: `official` or `official-at-once`.
 *
 * @module
 */

import type { Client, Receiver } from "@upstash/qstash";

/** What a client is made of. */
export type ClientOptions = ConstructorParameters<typeof Client>[0];

/** What a receiver is made of. */
export type ReceiverOptions = ConstructorParameters<typeof Receiver>[0];

/** Makes a call of the client. */
export type Ask = <Answer>(call: (client: Client) => Promise<Answer>) => Promise<Answer>;
