import { spawnSync } from "node:child_process";
import { decodeEvent, type EventBody, parseJson } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { dumpLine } from "../src/index.ts";
import { bodiesOf, captureNames, hasCaptures } from "./captures.ts";
import { hasCelery } from "./celery-state.ts";
import { start, task, worker } from "./cluster.ts";

const call = { name: "add", args: "(2, 3)", kwargs: "{}" };

describe("a line of a dump", () => {
  it("tells of workers in Celery's words", () => {
    const lines = dump([
      worker("online", 0.25, { pid: 7, freq: 30 }),
      worker("heartbeat", 1, { loadavg: [1, 0.5, 0.25], active: 0, sw_ident: "py-celery", freq: 2 }),
      worker("offline", 2.5, {}),
      { type: "shop-opened", hostname: "till", timestamp: start },
    ]);

    expect(lines).toEqual([
      "w1@host [2026-11-18 11:06:40.250000+00:00] started: freq=30, pid=7",
      "w1@host [2026-11-18 11:06:41+00:00] heartbeat: active=0, freq=2.0, loadavg=[1.0, 0.5, 0.25], sw_ident=py-celery",
      "w1@host [2026-11-18 11:06:42.500000+00:00] shutdown ",
      "till [2026-11-18 11:06:40+00:00] shop opened ",
    ]);
  });

  it("repeats what a task is, where it has been told", () => {
    const lines = dump([
      task("received", 0, { ...call, eta: null, retries: 0 }),
      task("succeeded", 1, { result: "5", runtime: 2 }),
      task("started", 2, { uuid: "t9" }),
    ]);

    expect(lines).toEqual([
      "w1@host [2026-11-18 11:06:40+00:00] task received: add(t1) args=(2, 3) kwargs={} eta=None, retries=0",
      "w1@host [2026-11-18 11:06:41+00:00] task succeeded: add(t1) args=(2, 3) kwargs={} result=5, runtime=2.0",
      "w1@host [2026-11-18 11:06:42+00:00] task started  ",
    ]);
  });

  it("remembers as many tasks as Celery does", () => {
    const memory = new Map<string, string>();
    for (let nth = 0; nth < 4096; nth += 1)
      dumpLine(decodeEvent(task("received", 0, { uuid: `t${nth}`, ...call })), memory);

    expect([memory.size, memory.has("t0"), memory.has("t1")]).toEqual([4095, false, true]);
  });

  it("moves no cursor, whatever a stranger has written", () => {
    const [line] = dump([task("failed", 0, { exception: "\u001B[2J\u0007\u202E", traceback: "one\n\ttwo\r" })]);

    expect(line).toContain("exception=\\u001b[2J\\u0007\\u202e, traceback=one\n\ttwo\\u000d");
  });

  it.skipIf(!hasCelery || !hasCaptures)("is Celery's own for all that was captured", async () => {
    const bodies = (await Promise.all(captureNames().map(bodiesOf))).flat();
    const theirs = celeryLines(bodies);

    const events = bodies.map((text) => parseJson(text)).flatMap((body) => (Array.isArray(body) ? body : [body]));
    const ours = dump(events.map(Object));

    expect(ours.length).toBeGreaterThan(1000);
    // Before 5.3 Celery leaves out the zone.
    expect(ours.map((line) => line.replace("+00:00]", "]"))).toEqual(
      theirs.map((line) => line.replace("+00:00]", "]")),
    );
  });
});

function dump(events: readonly object[]): readonly string[] {
  const memory = new Map<string, string>();
  return events.map((event) => dumpLine(decodeEvent(event) satisfies EventBody, memory));
}

/** What `celery events --dump` prints of bodies in JSON, as they were published. */
function celeryLines(bodies: readonly string[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync("/usr/bin/python3", ["-c", program], {
    input: bodies.join("\n"),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const program = `
import json, sys
from celery.events.dumper import Dumper

said = []
dumper = Dumper()
dumper.say = said.append
for line in sys.stdin:
    body = json.loads(line)
    for event in body if isinstance(body, list) else [body]:
        dumper.on_event(event)
print(json.dumps(said))
`;
