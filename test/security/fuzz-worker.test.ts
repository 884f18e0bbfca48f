/** The worker's door before an attacker who can have anything signed: an answer each time, and the worker still works. */

import { memoryBackend, memoryBroker } from "@umbel/memory";
import * as fc from "fast-check";
import { type LogRecord, Umbel } from "umbel";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { cpuTime } from "./growth.ts";
import { assertUnpolluted, hostileName, hostileText, mutationsOf, runs } from "./hostile.ts";
import * as samples from "./samples.ts";
import { secret } from "./secrets.ts";
import { faultsIn } from "./faults.ts";
import { handClock } from "./hand-clock.ts";

const origin = "http://127.0.0.1:8787";

/** What the worker says to a push; 503 to that of a newer worker only. */
const expected = { good: [200], bad: [409, 489, 503] };

/** Most pushes that one message of an attacker may cause to be made in an hour. */
const mostPushes = 2000;

/** A worker that takes every signature for good, with a broker that delivers what it sends. */
function openDoor() {
  const clock = handClock();
  const lines: LogRecord[] = [];
  const statuses: number[] = [];
  const broker = memoryBroker({
    now: clock.now,
    deliver: async (push) => {
      const response = await endpoint.fetch(new Request(push.url, push));
      statuses.push(response.status);
      return response;
    },
  });
  const app = new Umbel("tasks", {
    broker: { ...broker, verify: async () => await Promise.resolve() },
    backend: memoryBackend({ now: clock.now }),
    platform: { now: clock.now, sleep: clock.sleep, random: () => 0.5 },
    env: { UMBEL_RESULTS_TOKEN: secret },
    log: (record) => void lines.push(record),
  });
  app.task({ name: "tasks.add", params: ["x", "y"] }, (x: number, y: number) =>
    typeof x === "number" ? x + y : "none",
  );
  app.task({ name: "tasks.boom", maxRetries: 1, autoretryFor: [RangeError] }, () => {
    throw new RangeError("too far");
  });
  const endpoint = worker(app);
  return {
    broker,
    lines,
    statuses,
    clock,
    app,
    post: async (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
      await endpoint.fetch(new Request(new URL(path, origin), { method: "POST", body, headers })),
  };
}

type Door = ReturnType<typeof openDoor>;

describe("the worker", () => {
  it.each([
    {
      path: "/q/default",
      good: samples.pushes,
      foreign: [...samples.envelopes, ...samples.captured],
    },
    {
      path: "/failed",
      good: samples.pushes.map((body) => JSON.stringify({ status: 0, body })),
      foreign: samples.callbacks,
    },
  ])(
    "answers whatever is posted to $path, ends what it has taken, and goes on working",
    async ({ path, good, foreign }) => {
      const body = fc.oneof(
        { weight: 1, arbitrary: hostileText },
        { weight: 3, arbitrary: mutationsOf(good) },
        { weight: 1, arbitrary: mutationsOf(foreign) },
      );

      await fc.assert(
        fc.asyncProperty(body, async (text) => {
          // A new one each time: what has ended under an id is not begun again.
          const door = openDoor();

          const faults = await faultsIn(await door.post(path, text), expected);

          expect(faults).toEqual([]);
          expect(await deliverFollowers(door)).toEqual([]);
          expect(await isAlive(door)).toBe(true);
          assertUnpolluted();
        }),
        { numRuns: runs, examples: good.slice(0, 1).map((each) => [withLargeStamp(each)]) },
      );
    },
  );

  it("answers whatever address, method and headers it is asked with", async () => {
    const door = openDoor();
    const endpoint = worker(door.app);
    const path = fc.array(hostileName.map(pathPart), { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH");

    await fc.assert(
      fc.asyncProperty(path, method, hostileHeaders(), async (each, verb, headers) => {
        const body = verb === "GET" || verb === "HEAD" ? {} : { body: samples.pushes[0] ?? "" };
        const response = await endpoint.fetch(new Request(`${origin}/q${each}`, { method: verb, headers, ...body }));
        expect([200, 404, 409, 413, 489]).toContain(response.status);
        assertUnpolluted();
      }),
      { numRuns: runs },
    );
    expect(await isAlive(door)).toBe(true);
  });

  it("answers bytes that are no text, and what is compressed without end", async () => {
    const door = openDoor();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(await faultsIn(await door.post("/q/default", bytes), expected)).toEqual([]);
      }),
      { numRuns: runs },
    );

    const bomb = await envelopeOf(await deflated(64 * 1024 * 1024));
    const from = cpuTime();
    const response = await door.post("/q/default", bomb);

    expect(response.status).toBe(489);
    expect(cpuTime() - from).toBeLessThan(5000);
    expect(await isAlive(door)).toBe(true);
  });
});

/** Delivers what a message has led to, for an hour; tells what was put off, and when there is no end of it. */
async function deliverFollowers({ broker, statuses, clock }: Door): Promise<readonly unknown[]> {
  const end = clock.now() + 3_600_000;
  let pushes = 0;
  statuses.length = 0;
  while (broker.waiting.length > 0 && pushes < mostPushes) {
    if (await broker.deliverNext()) pushes += 1;
    const next = Math.min(...broker.waiting.map(({ dueAt }) => dueAt));
    if (next > end) break;
    clock.jump(next);
  }
  const putOff = statuses.filter((status) => status >= 500);
  return pushes < mostPushes ? putOff : [...putOff, "there is no end of it"];
}

/** Whether a good call is still handled. */
async function isAlive({ app, broker }: Door): Promise<boolean> {
  const result = await app.sendTask<number>("tasks.add", { args: [20, 22] });
  await broker.drain();
  return (await result.get()) === 42;
}

function hostileHeaders(): fc.Arbitrary<Headers> {
  const names = [
    "content-type",
    "content-encoding",
    "upstash-retried",
    "upstash-signature",
    "authorization",
    "host",
    "x-forwarded-for",
    "__proto__",
    "constructor",
  ];
  const value = fc.oneof(
    fc.constantFrom("gzip", "Bearer", "Bearer ", "-1", "1e9", "NaN", "text/plain; charset=utf-16"),
    fc.string({ maxLength: 20 }),
    fc.constant("x".repeat(20_000)),
  );
  return fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 }).map((pairs) => {
    const headers = new Headers();
    for (const [name, text] of pairs) if (/^[\t\u0020-\u007E\u0080-\u00FF]*$/.test(text)) headers.append(name, text);
    return headers;
  });
}

/** As a browser writes it, and as only an attacker does. */
function pathPart(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80%";
}

async function deflated(length: number): Promise<Uint8Array> {
  const zeros = new Blob(Array.from({ length: 64 }, () => new Uint8Array(length / 64)));
  const stream = zeros.stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function envelopeOf(compressed: Uint8Array): Promise<string> {
  const [text = "{}"] = samples.envelopes;
  const envelope = JSON.parse(text);
  const properties = { ...envelope.properties, body_encoding: "base64" };
  const headers = { ...envelope.headers, compression: "application/x-gzip" };
  return await Promise.resolve(
    JSON.stringify({ ...envelope, headers, properties, body: Buffer.from(compressed).toString("base64") }),
  );
}

/** A whole number that no double has, in what is shown of a task to operators. */
function withLargeStamp(text: string): string {
  return text.replace(/(\\*")stamps\\*":\{\}/, "$1stamps$1:{$1large$1:[9007199254740993]}");
}
