/**
 * The push half of the gateway: QStash's API over SQLite, and the deliveries.
 *
 * What it has answered is on the disk. At least once: a message that was being delivered when the process died is
 * delivered again.
 *
 * @module
 */

import { randomBytes } from "node:crypto";

import type { Context, Hono } from "hono";

import { createTokenCheck } from "../http/bearer.ts";
import type { Allow } from "../destination-rule.ts";
import { type Resolve, systemResolve } from "../http/guarded-lookup.ts";
import { type Database, openDatabase } from "../store/database.ts";
import { createApi } from "./api.ts";
import { createAttempt } from "./attempt.ts";
import { createDelivery } from "./delivery.ts";
import { createDispatcher, type Dispatcher } from "./dispatcher.ts";
import { createPushClient } from "./push-client.ts";
import { openServices, type Services } from "./services.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Options of {@link createPushGateway}. */
export interface PushGatewayOptions {
  /** An open database, which stays open, or the path of one (`:memory:` too). */
  readonly database: Database | string;
  /** What publishers send as `Authorization: Bearer`. */
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  /** Where messages may go. Default: anywhere; serve with a narrower one where others can publish. */
  readonly allow?: Allow;
  /** Finds the addresses of a host. Default: as the system does. */
  readonly resolve?: Resolve;
  /** Most deliveries at once; one host has at most half of them, see places.ts. Default 512. */
  readonly concurrency?: number;
  /** Most bytes in the body of a request. Default 10 MiB. */
  readonly maxBody?: number;
  /** Seconds that a destination may take; what a message asks for can only be less. Default 7200. */
  readonly maxTimeout?: number;
  /** Seconds for which dead letters are kept. Default 30 days. */
  readonly deadLetterRetention?: number;
  /** The publisher's address, shown with its messages. Default: not known. */
  readonly callerIp?: (context: Context) => string | undefined;
  /** Milliseconds since 1970. After moving it by hand, call `wake`. */
  readonly now?: () => number;
  readonly newId?: () => string;
  /** Gets a line for each delivery that went wrong. Default: nothing is said. */
  readonly log?: (line: string) => void;
}

/** A push gateway. */
export interface PushGateway {
  /** QStash's API: answers requests, also before `start`. */
  readonly app: Hono;
  /** Begins to deliver, first what a crash interrupted. */
  readonly start: () => void;
  /** The keys that receivers verify with, as they are after the last rotation. */
  readonly signingKeys: () => SigningKeys;
  /** Looks for what is due. It does so by itself; after a change of the clock it has to be told. */
  readonly wake: () => void;
  /** Stops; deliveries under way are cut off and made again at the next start. */
  close(): Promise<void>;
}

const defaults = {
  allow: () => true,
  resolve: systemResolve,
  concurrency: 512,
  maxBody: 10_485_760,
  maxTimeout: 7200,
  deadLetterRetention: 30 * 86_400,
  callerIp: () => undefined,
  now: Date.now,
  newId: () => `msg_${randomBytes(18).toString("base64url")}`,
  log: () => {},
};

/** Creates a gateway; it accepts messages at once and delivers them from `start` on. */
export function createPushGateway(options: PushGatewayOptions): PushGateway {
  const settings = { ...defaults, ...options };
  const database = typeof options.database === "string" ? openDatabase(options.database) : options.database;
  const signingKeys = { current: options.currentSigningKey, next: options.nextSigningKey };
  const services = openServices({ ...settings, database, signingKeys });
  const stop = new AbortController();
  const { start, wake } = connect(services, { ...settings, stop: stop.signal });
  let closed: Promise<void> | undefined;

  async function end(): Promise<void> {
    stop.abort();
    // What was being written before is written, and its callers are answered.
    await database.write(() => {});
    if (typeof options.database === "string") database.close();
  }

  return {
    app: createApi({ ...settings, ...services, policy: settings, wake, isToken: createTokenCheck(options.token) }),
    start,
    wake,
    signingKeys: () => services.keys.keys(),
    close: () => (closed ??= end()),
  };
}

interface DeliveryParts {
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly stop: AbortSignal;
  readonly concurrency: number;
  readonly allow: Allow;
  readonly resolve: Resolve;
}

function connect(services: Services, parts: DeliveryParts): Dispatcher {
  const client = createPushClient(parts);
  const deliver = createDelivery({ client, keys: () => services.keys.keys(), now: parts.now });
  const attempt = createAttempt({ ...parts, ...services, deliver });
  return createDispatcher({ ...parts, ...services, attempt });
}
