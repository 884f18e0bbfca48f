/**
 * A worker that verifies QStash's signatures, and pushes to it that a test signs as it likes.
 *
 * @module
 */

import { memoryBackend } from "@umbel/memory";
import { createHash, createHmac } from "node:crypto";
import { type LogRecord, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { worker } from "umbel/worker";
import { type HandClock, handClock } from "./hand-clock.ts";

/** What the worker verifies with; `development` is the public current key. */
export const keys = {
  current: "sig_CurrentKeyOfThisTest0000000",
  next: "sig_NextKeyOfThisTest000000000",
  development: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
} as const;

/** Where the worker believes to be. */
export const origin = "http://127.0.0.1:8787";

/** What is signed when nothing else is said. */
const plain = { url: `${origin}/q/default`, body: "no message", age: 0 };

/** A worker under attack. */
export interface Siege {
  readonly app: Umbel;
  readonly ask: (request: Request, bindings?: unknown) => Promise<Response>;
  readonly lines: readonly LogRecord[];
  readonly clock: HandClock;
}

/** Makes one, with keys of its own or with the public ones. */
export function verifyPushes({ development = false }: { readonly development?: boolean } = {}): Siege {
  const lines: LogRecord[] = [];
  const clock = handClock();
  const own = { currentSigningKey: keys.current, nextSigningKey: keys.next };
  const broker = qstash({ url: "http://127.0.0.1:1", token: "unused", ...(development ? {} : own) });
  const app = new Umbel("tasks", {
    broker,
    backend: memoryBackend({ now: clock.now }),
    env: { NODE_ENV: "test" },
    platform: { now: clock.now, sleep: clock.sleep },
    log: (record) => void lines.push(record),
  });
  const endpoint = worker(app);
  return { app, ask: async (request, bindings) => await endpoint.fetch(request, bindings), lines, clock };
}

/** A push to a path of the worker. */
export function pushTo(
  path: string,
  { signature, body = plain.body }: { readonly signature?: string; readonly body?: string },
): Request {
  const headers = {
    "content-type": "application/json",
    ...(signature === undefined ? {} : { "upstash-signature": signature }),
  };
  return new Request(`${origin}${path}`, { method: "POST", headers, body });
}

/** A signature as QStash makes it, `age` seconds ago; `payload` in place of its claims when it is given. */
export function signedWith(key: string, what: Partial<typeof plain> = {}, payload: string = claimsOf(what)): string {
  const text = `${encoded(JSON.stringify({ alg: "HS256", typ: "JWT" }))}.${encoded(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

function claimsOf(what: Partial<typeof plain>): string {
  const { url, body, age } = { ...plain, ...what };
  const issued = Math.floor(Date.now() / 1000) - age;
  const hash = createHash("sha256").update(body).digest("base64url");
  return JSON.stringify({
    iss: "Upstash",
    sub: url,
    iat: issued,
    nbf: issued,
    exp: issued + 300,
    jti: "jwt_1",
    body: hash,
  });
}

/** The parts of a signature that nobody else may learn: all of it, and what proves it. */
export function partsOf(signature: string | undefined): readonly string[] {
  return signature === undefined ? [] : [signature, ...signature.split(".").slice(2)];
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64url");
}
