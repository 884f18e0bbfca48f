/** Celery's own monitors on our tasks, and ours on Celery's: each sees the other's as its own. */

import { execFileSync } from "node:child_process";
import { upstash, withAttempts } from "@umbel/upstash-redis";
import { Reject, Umbel } from "umbel";
import { leave } from "umbel/control";
import { dumpLine, events, type ReceivedEvent } from "umbel/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";
import { hasPythonCelery, runPython } from "../python-celery.ts";
import { hasRedisServer } from "../redis-server.ts";
import { poll, startProgram } from "../running-program.ts";
import { serveStore, type ServedStore } from "../store.ts";

const python = "/usr/bin/python3";

/** Celery's Receiver and State until an event of this type comes; prints what they know then. */
const monitor = `
import json, sys
from celery import Celery

app = Celery(broker=sys.argv[1])
state = app.events.State()
types, lives = [], []

class Enough(Exception): pass

def on(event):
    state.event(event)
    types.append(event["type"])
    if event["type"].startswith("worker-"): lives.append([event["type"], state.workers[event["hostname"]].alive])
    if event["type"] == "shop-closed": raise Enough

with app.connection_for_read() as connection:
    try: app.events.Receiver(connection, handlers={"*": on}).capture(limit=None, timeout=60, wakeup=True)
    except Enough: pass

fields = ["uuid", "name", "args", "kwargs", "state", "result", "exception", "retries", "root_id", "parent_id", "client"]
tasks = [dict({f: getattr(t, f) for f in fields}, worker=t.worker and t.worker.hostname, runtime=t.runtime is not None,
  traceback=t.traceback, done=getattr(t, "done", None)) for _, t in state.itertasks()]
workers = [[w.hostname, w.alive, w.sw_ident, w.freq] for w in state.workers.values()]
print(json.dumps({"types": types, "lives": lives, "tasks": tasks, "workers": workers, "alive": [w.hostname for w in state.alive_workers()]}))
`;

/** A worker of Celery's with events on, in a process of its own. */
const service = `
import sys
from celery import Celery

app = Celery("tasks", broker=sys.argv[1], backend=sys.argv[1])
app.conf.worker_hijack_root_logger = False

@app.task(name="tasks.add")
def add(x, y): return x + y

@app.task(name="tasks.boom")
def boom(): raise ValueError("boom")

app.worker_main(["worker", "-E", "-c", "1", "-n", "python@%h", "--without-mingle", "--without-gossip", "-l", "info"])
`;

describe.skipIf(!hasPythonCelery || !hasRedisServer)("beside an unmodified Celery", { timeout: 120_000 }, () => {
  let store: ServedStore;
  beforeAll(async () => void (store = await serveStore("redis-server")));
  afterAll(async () => await store.stop());

  /** How many monitors are subscribed. */
  function monitors(): number {
    const { port } = new URL(store.redisUrl ?? "");
    const clients = execFileSync("redis-cli", ["-p", port, "CLIENT", "LIST"]).toString();
    return clients.split("\n").filter((line) => line.includes(" psub=1 ")).length;
  }

  /** Tasks of ours, with events on, and one call of each kind of end. */
  function shop() {
    const backend = withAttempts(upstash(store.address)(() => undefined));
    const home = world(
      { workerSendTaskEvents: true, taskSendSentEvent: true, log: () => undefined, time: { start: Date.now() } },
      () => backend,
    );
    const { app } = home;
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const boom = app.task("tasks.boom", () => {
      throw new RangeError("too far");
    });
    const flaky = app.task({ name: "tasks.flaky", bind: true }, (task) => {
      if (task.request.retries === 0) task.retry({ countdown: 0, exc: new RangeError("not yet") });
      return "at last";
    });
    const reject = app.task("tasks.reject", () => {
      throw new Reject("not mine");
    });
    const tell = app.task({ name: "tasks.tell", bind: true }, async (task) => {
      await task.sendEvent("task-progress", { done: 7 });
      return null;
    });
    return { ...home, add, boom, flaky, reject, tell };
  }

  /** Sends one call of each kind, has them run, and half a minute later one more; then the worker goes. */
  async function trade() {
    const { app, add, boom, flaky, reject, tell, drain, clock } = shop();
    const sent = {
      add: await add.delay(2, 3),
      boom: await boom.delay(),
      flaky: await flaky.delay(),
      reject: await reject.delay(),
      tell: await tell.delay(),
      revoked: await add.delay(1, 1),
    };
    await sent.revoked.revoke();
    await drain();
    await clock.advance(31);
    await add.delay(4, 4);
    await drain();
    await leave(app, "worker@tasks");
    await app.sendEvent("shop-closed");
    return Object.fromEntries(Object.entries(sent).map(([name, { id }]) => [name, id]));
  }

  it("its Receiver and State see our tasks and workers as theirs", async () => {
    const before = monitors();
    const watching = runPython(monitor, [store.redisUrl ?? ""]);
    await poll(30, () => monitors() > before);

    const ids = await trade();

    const [seen] = await watching;
    const { types, lives, tasks, workers, alive } = Object(seen);
    const taskOf = (name: string) => Object(tasks.find(({ uuid }: { readonly uuid: string }) => uuid === ids[name]));
    expect(taskOf("add")).toEqual({
      uuid: ids["add"],
      name: "tasks.add",
      args: "(2, 3)",
      kwargs: "{}",
      state: "SUCCESS",
      result: "5",
      exception: null,
      retries: 0,
      root_id: ids["add"],
      parent_id: null,
      client: "tasks@js",
      worker: "worker@tasks",
      runtime: true,
      traceback: null,
      done: null,
    });
    expect(taskOf("boom")).toMatchObject({ state: "FAILURE", exception: "RangeError('too far')" });
    expect(taskOf("boom").traceback).toContain("RangeError: too far");
    expect(taskOf("flaky")).toMatchObject({
      state: "SUCCESS",
      result: "'at last'",
      exception: "RangeError('not yet')",
    });
    expect(taskOf("reject")).toMatchObject({ name: "tasks.reject" });
    expect(taskOf("tell")).toMatchObject({ state: "SUCCESS", done: 7 });
    expect(taskOf("revoked")).toMatchObject({ state: "REVOKED", name: "tasks.add" });
    expect(workers).toEqual([["worker@tasks", false, "umbel", 30]]);
    expect(lives).toEqual([
      ["worker-online", true],
      ["worker-heartbeat", true],
      ["worker-offline", false],
    ]);
    expect(alive).toEqual([]);
    const own = "task-progress worker-online worker-heartbeat worker-offline shop-closed";
    const ends = "task-succeeded task-failed task-retried task-rejected task-revoked";
    expect(new Set(types)).toEqual(new Set(`task-sent task-received task-started ${ends} ${own}`.split(" ")));
  });

  it("its dump prints our events, as ours does", async () => {
    const before = monitors();
    const dump = startProgram([python, "-m", "celery", "-b", store.redisUrl ?? "", "events", "--dump"]);
    await dump.until(/-> evdump: starting capture/);
    const watcher = new Umbel("watcher", { backend: upstash(store.address) });
    const memory = new Map<string, string>();
    const ours: string[] = [];
    const over = new AbortController();
    const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
    const capture = events(watcher).capture({
      onReady,
      signal: over.signal,
      handlers: {
        "*"(event) {
          ours.push(dumpLine(event, memory));
          if (event.type === "shop-closed") over.abort();
        },
      },
    });
    await ready;
    await poll(30, () => monitors() > before + 1);

    await trade();
    await capture;
    await dump.until(/shop closed/);

    expect(ours.length).toBeGreaterThan(15);
    expect(linesOf(dump.output())).toEqual(linesOf(ours.join("\n")));
    expect(dump.output()).toMatch(
      /^worker@tasks \[.*\] task received: tasks\.add\([-\w]+\) args=\(2, 3\) kwargs=\{\} /m,
    );
  });

  it("our Receiver sees its worker's tasks, and the worker", async () => {
    const watcher = new Umbel("watcher", { backend: upstash(store.address) });
    const receiver = events(watcher);
    const heard: ReceivedEvent[] = [];
    const over = new AbortController();
    const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();
    const captured = receiver.capture({
      onReady,
      signal: over.signal,
      handlers: { "*": (event) => void heard.push(event) },
    });
    await ready;
    const worker = startProgram([python, "-c", service, store.redisUrl ?? ""]);
    await worker.until(/ready\./);

    const [sent] = await runPython(
      `
import json, sys
from celery import Celery
app = Celery("tasks", broker=sys.argv[1], backend=sys.argv[1])
app.conf.task_send_sent_event = True
add = app.send_task("tasks.add", (2, 3))
boom = app.send_task("tasks.boom")
add.get(timeout=30); boom.get(timeout=30, propagate=False)
print(json.dumps([add.id, boom.id]))
`,
      [store.redisUrl ?? ""],
    );
    const [add = "", boom = ""] = Array.isArray(sent) ? sent.map(String) : [];
    await poll(30, () => receiver.state.tasks.get(boom)?.state === "FAILURE");
    await poll(30, () => heard.some(({ type }) => type === "worker-heartbeat"));
    worker.kill("SIGTERM");
    await poll(30, () => heard.some(({ type }) => type === "worker-offline"));
    over.abort();
    await captured;

    const { tasks, workers } = receiver.state;
    expect(tasks.get(add)).toMatchObject({ name: "tasks.add", args: "(2, 3)", state: "SUCCESS", result: "5" });
    expect(tasks.get(add)?.runtime).toBeGreaterThan(0);
    expect(tasks.get(add)?.client).toMatch(/^gen\d+@/);
    expect(tasks.get(boom)).toMatchObject({ state: "FAILURE", exception: "ValueError('boom')" });
    const theirs = [...workers.values()].find(({ swIdent }) => swIdent === "py-celery");
    expect(theirs).toMatchObject({ alive: false, statusString: "OFFLINE", freq: 2 });
    const ofTasks = "task-sent task-received task-started task-succeeded task-failed";
    const types = `worker-online worker-heartbeat worker-offline ${ofTasks}`.split(" ");
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(types));
    expect(receiver.malformed).toBe(0);
  });
});

/** The lines of a dump, but for what it says of itself. */
function linesOf(text: string): readonly string[] {
  return comparable(text)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("->"));
}

/** Without what each receiver counts and times by itself, and without the zone, which Celery before 5.3 leaves out. */
function comparable(text: string): string {
  return (
    text
      .replaceAll(/local_received=[\d.]+/g, "local_received=NOW")
      .replaceAll(/clock=\d+/g, "clock=N")
      // The clock of the test stands still, and that an attempt took no time at all is an integer in JSON.
      .replaceAll(/runtime=0(?:\.0)?\b/g, "runtime=0.0")
      .replaceAll("+00:00]", "]")
  );
}
