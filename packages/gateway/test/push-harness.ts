/**
 * A gateway and a destination on loopback, for the tests of the push half.
 *
 * @module
 */

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";

import { Client } from "@upstash/qstash";
import { onTestFinished } from "vitest";

import { listen } from "../src/http/listen.ts";
import { createPushGateway, type PushGateway, type PushGatewayOptions } from "../src/push/gateway.ts";

/** Goes on also where a test has replaced the timers. */
const realTimeout = setTimeout;

export const token = "secret-token";
const keys = { currentSigningKey: "sig_current", nextSigningKey: "sig_next" };

/** A push as it arrived. */
interface Arrival {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A destination: what arrived, in order. */
export interface Destination {
  readonly url: string;
  readonly arrivals: Arrival[];
  /** Bodies of what arrived, in order. */
  readonly bodies: () => string[];
  readonly close: () => void;
}

export type Reply = (arrival: Arrival, response: ServerResponse, count: number) => void;

/** Starts a destination that answers 200, or whatever `reply` does; `count` is 1 at the first arrival. */
export async function startDestination(
  reply: Reply = (_arrival, response) => response.end("ok"),
  port = 0,
): Promise<Destination> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const arrival = { method, url, headers, body: Buffer.concat(chunks).toString() };
      arrivals.push(arrival);
      reply(arrival, response, arrivals.length);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  onTestFinished(() => stopServer(server));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    arrivals,
    bodies: () => arrivals.map(({ body }) => body),
    close: () => stopServer(server),
  };
}

function stopServer(server: Server): void {
  server.closeAllConnections();
  server.close();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The destination has no port");
  return address.port;
}

/** Answers with one status after another, the last one for ever. */
export function statuses(...list: number[]): Reply {
  return (_arrival, response, count) => {
    response.statusCode = list[Math.min(count, list.length) - 1] ?? 200;
    response.end();
  };
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Harness {
  readonly gateway: PushGateway;
  readonly client: Client;
  readonly url: string;
  readonly log: string[];
  /** Moves the fake clock on, in seconds. */
  readonly advance: (seconds: number) => void;
  /** Where the fake clock stands: milliseconds since 1970. */
  readonly now: () => number;
  /** Calls the API directly. */
  readonly call: (method: string, path: string, init?: Call) => Promise<Response>;
  /** Stops answering and delivering, as a crash does. */
  readonly stop: () => Promise<void>;
}

/** Starts a gateway with a clock that stands still, in memory. `clock: "real"` lets it run. */
export async function startGateway(options: Partial<PushGatewayOptions> & { clock?: "real" } = {}): Promise<Harness> {
  const log: string[] = [];
  let time = 1_800_000_000_000;
  const now = options.clock === "real" ? Date.now : () => time;
  const { clock: _clock, ...rest } = options;
  const gateway = createPushGateway({
    database: ":memory:",
    token,
    ...keys,
    now,
    log: (line) => log.push(line),
    ...rest,
  });
  const server = await listen(gateway.app.fetch, { port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${server.port}`;
  gateway.start();

  let stopped: Promise<void> | undefined;
  function stop(): Promise<void> {
    stopped ??= server.close().then(() => gateway.close());
    return stopped;
  }
  onTestFinished(stop);

  return {
    gateway,
    client: new Client({ baseUrl: url, token, retry: false }),
    url,
    log,
    now,
    advance(seconds) {
      time += seconds * 1000;
      gateway.wake();
    },
    call: (method, path, init = {}) =>
      fetch(`${url}${path}`, { method, ...init, headers: { Authorization: `Bearer ${token}`, ...init.headers } }),
    stop,
  };
}

/** Waits until something holds; fails after so many seconds. */
export async function until(condition: () => unknown, what: string = String(condition), seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${seconds} seconds: ${what}`);
    await new Promise((resolve) => {
      realTimeout(resolve, 5);
    });
  }
}

/**
 * Waits until the gateway has looked at what is due and delivered it: a message that is due at once has come and gone.
 * What has not arrived then is being held back.
 */
export async function settled({ client }: Harness): Promise<void> {
  const marker = await startDestination();
  await client.publish({ url: marker.url, retries: 0 });
  await until(() => marker.arrivals.length === 1, "the marker has arrived");
}
