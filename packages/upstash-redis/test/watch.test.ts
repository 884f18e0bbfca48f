import type { ResultMeta } from "@umbel/protocol";
import { encodeResult } from "@umbel/protocol";
import { upstash, type UpstashOptions } from "@umbel/upstash-redis";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startRecorder } from "./recorder.ts";

describe("wait", () => {
  it("costs a subscription and one reading, however long it takes", async () => {
    const opened = Promise.withResolvers<ServerResponse>();
    const { url, requests } = await startRecorder({
      subscribed(stream) {
        stream.write("data: subscribe,celery-task-meta-a,1\n\n");
        opened.resolve(stream);
      },
    });
    const waiting = open(url).wait("a", soon());
    const stream = await opened.promise;
    stream.write(`data: message,celery-task-meta-a,${encodeResult(resultOf("STARTED"))}\n\n: ping\n\n`);
    stream.write(`data: message,celery-task-meta-a,${encodeResult(resultOf("SUCCESS"))}\n\n`);

    expect(await waiting).toEqual(resultOf("SUCCESS"));
    expect(requests.map(([command]) => command?.[0]?.toUpperCase())).toEqual(["SUBSCRIBE", "GET"]);
  });

  it("leaves the channel when it is over", async () => {
    const { url } = await startRecorder({
      reply: () => encodeResult(resultOf("SUCCESS")),
      subscribed(stream) {
        stream.write("data: subscribe,celery-task-meta-a,1\n\n");
        left.push(once(stream, "close"));
      },
    });
    const left: Promise<unknown>[] = [];

    await open(url).wait("a", soon());

    expect(left).toHaveLength(1);
    await expect(left[0]).resolves.toBeDefined();
  });

  it("understands a message that comes in pieces", async () => {
    const { url } = await startRecorder({
      subscribed(stream) {
        stream.write("data: subscribe,celery-task-meta-a,1\n\n");
        const message = Buffer.from(`data: message,celery-task-meta-a,${encodeResult(resultOf("SUCCESS"))}\n\n`);
        const middle = message.indexOf("漢") + 1;
        stream.write(
          message.subarray(0, middle),
          () => void setImmediate(() => stream.write(message.subarray(middle))),
        );
      },
    });

    expect(await open(url).wait("a", soon())).toEqual(resultOf("SUCCESS"));
  });

  it("reads and subscribes again when the stream breaks off", async () => {
    let streams = 0;
    const { url, requests } = await startRecorder({
      subscribed(stream) {
        streams += 1;
        if (streams < 3) return void stream.end("data: subscribe,celery-task-meta-a,1\n\n");
        stream.write("data: subscribe,celery-task-meta-a,1\n\n");
        stream.write(`data: message,celery-task-meta-a,${encodeResult(resultOf("SUCCESS"))}\n\n`);
      },
    });

    expect(await open(url).wait("a", soon())).toEqual(resultOf("SUCCESS"));
    expect(requests.filter(([command]) => command?.[0] === "SUBSCRIBE")).toHaveLength(3);
  });

  it("reads when nothing comes of a subscription", async () => {
    const { url, requests } = await startRecorder({
      reply: () => encodeResult(resultOf("SUCCESS")),
      subscribed: () => undefined,
    });

    // Long enough for the answer to the reading, which may take as long.
    expect(await open(url, { timeout: 1 }).wait("a", soon())).toEqual(resultOf("SUCCESS"));
    expect(requests.map(([command]) => command?.[0]?.toUpperCase())).toEqual(["SUBSCRIBE", "GET"]);
  });

  it.each([Infinity, 30 * 86_400])(
    "waits for subscription and answer when they may take %d seconds",
    async (timeout) => {
      const { url, requests } = await startRecorder({
        reply: () => encodeResult(resultOf("STARTED")),
        subscribed(stream) {
          stream.write("data: subscribe,celery-task-meta-a,1\n\n");
          stream.write(`data: message,celery-task-meta-a,${encodeResult(resultOf("SUCCESS"))}\n\n`);
        },
      });

      expect(await open(url, { timeout }).wait("a", soon())).toEqual(resultOf("SUCCESS"));
      expect(requests.map(([command]) => command?.[0]?.toUpperCase())).toEqual(["SUBSCRIBE", "GET"]);
    },
  );

  it("does not pause once more when the signal aborts while it reads", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const aborting = new AbortController();
    const reason = new Error("enough");
    const { url } = await startRecorder({
      reply() {
        aborting.abort(reason);
        return null;
      },
    });

    await expect(open(url, { subscribe: false }).wait("a", aborting.signal)).rejects.toBe(reason);
  });

  it.each<[string, UpstashOptions]>([
    ["cannot be subscribed to", {}],
    ["is not to be subscribed to", { subscribe: false }],
  ])("asks again, with growing pauses, when the store %s", async (_, options) => {
    const readings: number[] = [];
    const { url, requests } = await startRecorder({
      reply() {
        readings.push(performance.now());
        return readings.length < 5 ? null : encodeResult(resultOf("SUCCESS"));
      },
    });

    expect(await open(url, options).wait("a", soon())).toEqual(resultOf("SUCCESS"));
    expect(readings).toHaveLength(5);
    // Each is half as long again as the one before, at the least: a busy machine makes any of them longer.
    const pauses = readings.slice(1).map((reading, nth) => reading - (readings[nth] ?? 0));
    for (const [nth, pause] of pauses.entries()) expect(pause).toBeGreaterThan(100 * 1.5 ** nth - 5);
    expect(requests.some(([command]) => command?.[0] === "SUBSCRIBE")).toBe(options.subscribe !== false);
  });

  it("names in its channel whatever the task's id is", async () => {
    const channels: string[] = [];
    const { url } = await startRecorder({
      reply: () => encodeResult(resultOf("SUCCESS")),
      subscribed(stream, channel) {
        channels.push(channel);
        stream.write(`data: subscribe,${channel},1\n\n`);
      },
    });

    await open(url).wait("a, b/c?d#漢", soon());

    expect(channels).toEqual(["celery-task-meta-a, b/c?d#漢"]);
  });

  it("rejects when the store fails", async () => {
    const { url } = await startRecorder({ reply: () => new Error("ERR something else") });

    await expect(open(url).wait("a", soon())).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  });
});

function open(url: string, options: UpstashOptions = {}) {
  return upstash({ url, token: "token", ...options })(() => undefined);
}

function soon(): AbortSignal {
  return AbortSignal.timeout(50_000);
}

function resultOf(status: string): ResultMeta {
  return { status, result: "漢", traceback: null, children: [], date_done: null, task_id: "a" };
}
