/**
 * Serves both halves of the gateway: QStash's API, and Redis over REST, over one SQLite file.
 *
 * @module
 */

import { join } from "node:path";

import { getConnInfo } from "@hono/node-server/conninfo";
import type { Environment, StoreScript } from "@umbel/protocol";
import type { Context } from "hono";

import { type Credentials, developmentRestToken, readCredentials } from "./credentials.ts";
import type { Allow } from "./destination-rule.ts";
import { allowedDestinations } from "./destinations.ts";
import { type Fetch, listen, type Listening } from "./http/listen.ts";
import { localOnly } from "./http/local-only.ts";
import { developmentToken } from "./push/development-keys.ts";
import { createPushGateway, type PushGatewayOptions } from "./push/gateway.ts";
import type { SigningKeys } from "./push/signing-keys.ts";
import { createRedisRest } from "./redis/rest.ts";
import { openDatabase } from "./store/database.ts";

/** What of the push half's options is an operator's to set. */
type PushLimits = Pick<PushGatewayOptions, "concurrency" | "maxBody" | "maxTimeout" | "deadLetterRetention">;

/** Options of {@link serveGateway}. */
export interface ServeGatewayOptions extends PushLimits {
  /** A directory (made when absent), or `:memory:`. */
  readonly data: string;
  /** Reads `QSTASH_TOKEN`, `REDIS_URL` and so on: see the README. */
  readonly environment: Environment;
  /** What EVAL can run on the embedded Redis engine. Default: nothing. */
  readonly scripts?: readonly StoreScript[];
  /** Port of QStash's API. Default 8080; 0 is any. */
  readonly port?: number;
  /** Port of Redis over REST. Default 8079; otherwise as `port`. */
  readonly restPort?: number;
  /** Default 127.0.0.1. On any other than loopback there are no development credentials. */
  readonly hostname?: string;
  /** Where messages may go. Default: see destinations.ts. */
  readonly allow?: Allow;
  /** Seconds within which the whole of a request has to have come, so that a slow client holds nothing up. Default 300. */
  readonly requestTimeout?: number;
  /** Default: the console. */
  readonly log?: (line: string) => void;
}

/** Where the two halves listen. */
interface Ports {
  readonly port: number;
  readonly restPort: number;
}

/** A gateway that is served. */
export interface ServedGateway extends Ports {
  readonly url: string;
  readonly restUrl: string;
  /** What an application's environment has to hold to reach it. Secrets, unless they are the development ones. */
  readonly variables: Readonly<Record<string, string>>;
  /** Resolves when the disk could not be written to: all is refused then, until it is started again. */
  readonly failed: Promise<Error>;
  /** Stops serving and delivering. What was under way is delivered at the next start. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the gateway and begins to deliver. Throws `MissingSettingError` or `ImproperlyConfigured` when the environment
 * does not do, `PortTaken` when somebody listens at a port already, and what the system says when it cannot be had.
 */
export async function serveGateway(options: ServeGatewayOptions): Promise<ServedGateway> {
  const { hostname = "127.0.0.1", port = 8080, restPort = 8079, requestTimeout = 300, log = console.log } = options;
  const credentials = readCredentials(options.environment, hostname);
  const halves = openHalves(options, { credentials, hostname, log });
  const servers: Listening[] = [];

  async function serve(fetch: Fetch, wanted: number): Promise<number> {
    const server = await listen(fetch, { port: wanted, hostname, requestTimeout });
    servers.push(server);
    return server.port;
  }

  const close = once(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await halves.close();
  });

  try {
    const ports = { port: await serve(halves.push, port), restPort: await serve(halves.rest, restPort) };
    halves.start();
    const { current, next } = halves.signingKeys();
    const valid = { ...credentials, currentSigningKey: current, nextSigningKey: next };
    return { ...reachedAt(hostname, ports, valid), failed: halves.failed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

interface Halves {
  readonly push: Fetch;
  readonly rest: Fetch;
  readonly start: () => void;
  readonly signingKeys: () => SigningKeys;
  readonly failed: Promise<Error>;
  readonly close: () => Promise<void>;
}

interface Setting {
  readonly credentials: Credentials;
  readonly hostname: string;
  readonly log: (line: string) => void;
}

function openHalves(options: ServeGatewayOptions, setting: Setting): Halves {
  const { data, environment, scripts = [] } = options;
  const { credentials, hostname, log } = setting;
  const allow = options.allow ?? allowedDestinations(environment, hostname);
  const redisUrl = environment("REDIS_URL") ?? "";
  const database = openDatabase(data === ":memory:" ? data : join(data, "gateway.db"));
  const push = createPushGateway({ ...limitsIn(options), ...credentials, database, allow, callerIp: addressOf, log });
  const store = redisUrl === "" ? { database } : { redisUrl };
  const rest = createRedisRest({ ...store, ...limitsIn(options), token: credentials.restToken, scripts, log });

  return {
    push: guarded(push.app.fetch, credentials.token === developmentToken),
    rest: guarded(rest.app.fetch, credentials.restToken === developmentRestToken),
    start: push.start,
    signingKeys: push.signingKeys,
    failed: database.failed,
    async close() {
      await Promise.all([push.close(), rest.close()]);
      database.close();
    },
  };
}

function limitsIn({ concurrency, maxBody, maxTimeout, deadLetterRetention }: ServeGatewayOptions): PushLimits {
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(maxBody !== undefined && { maxBody }),
    ...(maxTimeout !== undefined && { maxTimeout }),
    ...(deadLetterRetention !== undefined && { deadLetterRetention }),
  };
}

function guarded(fetch: Fetch, isTokenPublic: boolean): Fetch {
  return isTokenPublic ? localOnly(fetch) : fetch;
}

function addressOf(context: Context): string | undefined {
  return getConnInfo(context).remote.address;
}

function reachedAt(hostname: string, ports: Ports, credentials: Credentials): Omit<ServedGateway, "close" | "failed"> {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const url = `http://${host}:${ports.port}`;
  const restUrl = `http://${host}:${ports.restPort}`;
  return {
    ...ports,
    url,
    restUrl,
    variables: {
      QSTASH_URL: url,
      QSTASH_TOKEN: credentials.token,
      QSTASH_CURRENT_SIGNING_KEY: credentials.currentSigningKey,
      QSTASH_NEXT_SIGNING_KEY: credentials.nextSigningKey,
      UPSTASH_REDIS_REST_URL: restUrl,
      UPSTASH_REDIS_REST_TOKEN: credentials.restToken,
    },
  };
}
