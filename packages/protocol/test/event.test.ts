import { describe, expect, it } from "vitest";
import {
  decodeEvent,
  decodeEvents,
  EncodeError,
  encodeEvent,
  encodeEvents,
  eventChannel,
  InvalidMessageError,
  isKnownEvent,
  parseJson,
  readEvents,
} from "../src/index.ts";

const base = { hostname: "web@host", timestamp: 1_795_244_576.6 };
const started = { ...base, type: "task-started", uuid: "1" } as const;

describe("events", () => {
  it("go to the channel of their type", () => {
    expect(eventChannel("task-failed")).toBe("/0.celeryev/task.failed");
    expect(eventChannel("task-my-progress", 3)).toBe("/3.celeryev/task.my.progress");
    expect(eventChannel("task-multi")).toBe("/0.celeryev/task.multi");
  });

  it("travel alone or in a list, addressed like Celery's", async () => {
    const alone = encodeEvent(started, { deliveryTag: "t" });
    const listed = encodeEvents([started, started], { deliveryTag: "t" });

    expect(parseJson(alone)).toMatchObject({
      headers: { hostname: "web@host" },
      properties: { delivery_mode: 1, delivery_info: { exchange: "celeryev", routing_key: "task.started" } },
    });
    expect(parseJson(listed)).toMatchObject({ properties: { delivery_info: { routing_key: "task.multi" } } });
    expect(await decodeEvents(alone)).toEqual([started]);
    expect(await decodeEvents(listed)).toEqual([started, started]);
  });

  it("of a program's own are read with all their fields", () => {
    const event = decodeEvent({ ...base, type: "task-my-progress", uuid: "1", done: 7 });

    expect(event).toMatchObject({ done: 7 });
    expect(isKnownEvent(event)).toBe(false);
  });

  it("tell the compiler what they hold, once their kind is known", () => {
    const event = decodeEvent({ ...base, type: "task-failed", uuid: "1", exception: "ValueError('boom')" });

    expect(isKnownEvent(event) && event.type === "task-failed" && event.exception.startsWith("ValueError")).toBe(true);
  });

  it.each([
    [{ ...started, uuid: undefined }, "task-started: uuid is missing"],
    [{ ...started, timestamp: "now" }, "Event: timestamp: expected number, found string"],
    [{ ...base, type: "toString" }, undefined],
    [{ ...base, type: "task-failed", uuid: "1" }, "task-failed: exception is missing"],
    [{ ...base }, "Event: type is missing"],
    [[], "Event: expected object, found a list of 0"],
  ])("are read or refused by their type: %j", (value, problem) => {
    const read = (): unknown => decodeEvent(value);
    expect(problemOf(read)).toBe(problem);
  });

  it("are read one by one, so that a malformed one hides no other", async () => {
    const listed = { ...started, timestamp: "now" };
    const mixed = encodeEvent(started, { deliveryTag: "t" });
    const withBody = (body: unknown) =>
      JSON.stringify({ ...Object(parseJson(mixed)), body: btoa(JSON.stringify(body)) });

    expect(await readEvents(withBody([started, { type: "task-started" }, null, started]))).toEqual([
      started,
      undefined,
      undefined,
      started,
    ]);
    expect(await readEvents(withBody(listed))).toEqual([undefined]);
    expect(await readEvents(withBody([]))).toEqual([]);
    for (const text of ["", "{", "[1]", '{"body":"e30="}', mixed.replace("application/json", "application/x-pickle")]) {
      expect(await readEvents(text)).toEqual([undefined]);
    }
  });

  it("are not written when there are none", () => {
    expect(() => encodeEvents([], { deliveryTag: "t" })).toThrow(EncodeError);
  });
});

function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof InvalidMessageError ? error.message : String(error);
  }
}
