import { decodeEvent } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { monitorLine, monitorLines, State } from "../src/index.ts";
import { start, task, worker } from "./cluster.ts";

describe("a monitor's line", () => {
  it("tells what has happened, to which task, and its state", () => {
    const lines = watched([
      task("sent", 0, { name: "shop.add" }),
      task("received", 1, { name: "shop.add" }),
      task("rejected", 2, { requeue: false }),
      task("succeeded", 3, { uuid: "t2", result: "5", runtime: 0.5 }),
      task("my-progress", 4, { done: 7 }),
      worker("online", 5, {}),
      worker("offline", 6, {}),
      { type: "shop-opened", hostname: "till", timestamp: start },
    ]);

    expect(lines.map(([line]) => line)).toEqual([
      "SENT shop.add[t1] PENDING",
      "RECEIVED shop.add[t1] RECEIVED",
      "REJECTED shop.add[t1] RECEIVED",
      "SUCCEEDED [t2] SUCCESS",
      "MY-PROGRESS shop.add[t1] MY-PROGRESS",
      "ONLINE w1@host ONLINE",
      "OFFLINE w1@host OFFLINE",
      "SHOP-OPENED till",
    ]);
  });

  it("has every field below it, where that is wanted", () => {
    const lines = watched([
      task("received", 0, { name: "shop.add", args: "(2, 3)", parent_id: "t0", colour: "red" }),
      task("failed", 1.5, { exception: "E('a\u001B')", traceback: "one\ntwo" }),
      worker("heartbeat", 2, { freq: 30, loadavg: [1, 2, 3] }),
      { type: "shop-opened", hostname: "till", timestamp: start, by: null },
    ]);

    expect(lines[1]).toEqual(
      expect.arrayContaining([
        "FAILED shop.add[t1] FAILURE",
        "  uuid: t1",
        "  state: FAILURE",
        "  sent: none",
        "  received: 2026-11-18 11:06:40+00:00",
        "  failed: 2026-11-18 11:06:41.500000+00:00",
        "  args: (2, 3)",
        "  exception: E('a\\u001b')",
        "  traceback: one\n    two",
        "  parentId: t0",
        "  worker: w1@host",
        "  children: []",
        "  colour: red",
      ]),
    );
    expect(lines[2]).toEqual(
      expect.arrayContaining(["HEARTBEAT w1@host ONLINE", "  freq: 30", "  loadavg: [1, 2, 3]", "  pid: none"]),
    );
    expect(lines[3]?.toSorted()).toEqual([
      "  by: none",
      "  hostname: till",
      "  timestamp: 2026-11-18 11:06:40+00:00",
      "  type: shop-opened",
      "SHOP-OPENED till",
    ]);
  });
});

/** The lines of each event, once the state knows of it. */
function watched(events: readonly object[]): readonly (readonly string[])[] {
  const state = new State({ now: () => start * 1000 });
  return events.map((event) => {
    const body = decodeEvent(event);
    state.event(body);
    expect(monitorLines(body, state)[0]).toBe(monitorLine(body, state));
    return monitorLines(body, state);
  });
}
