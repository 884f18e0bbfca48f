import { describe, expect, it } from "vitest";
import { type Change, isDrifting, State, type WorkerNode } from "../src/index.ts";
import { idsOf, start, stateAfter, task, worker } from "./cluster.ts";

describe("what is malformed", () => {
  it.each([
    ["nothing", undefined],
    ["a text", "task-sent"],
    ["a list", [task("started", 1)]],
    ["no type", { hostname: "h", timestamp: 1 }],
    ["no host", task("started", 1, { hostname: undefined })],
    ["no time", task("started", 1, { timestamp: "now" })],
    ["a time that is none", task("started", 1, { timestamp: Number.NaN })],
    ["a task without an id", task("started", 1, { uuid: "" })],
    ["a clock that goes back", task("started", 1, { clock: -1 })],
    ["a clock at the end of all counting", task("started", 1, { clock: Number.MAX_SAFE_INTEGER })],
    ["a result that is no text", task("succeeded", 1, { result: { a: 1 } })],
    ["retries that are none", task("received", 1, { name: "add", retries: "many" })],
    ["load that is none", worker("heartbeat", 1, { loadavg: ["a"] })],
    ["an interval before now", worker("heartbeat", 1, { freq: -5 })],
    ["a task that nothing happens to", { ...task("", 1) }],
  ])("is counted and changes nothing: %s", (_, event) => {
    const heard: unknown[] = [];
    const state = stateAfter([], { onEvent: (each) => heard.push(each) });

    expect(state.event(event)).toBeUndefined();

    expect(state).toMatchObject({ malformed: 1, eventCount: 0, clock: { value: 0 } });
    expect([state.tasks.size, state.workers.size, heard.length]).toEqual([0, 0, 0]);
  });
});

describe("the logical clock", () => {
  it("is ahead of all that was heard of", () => {
    const state = stateAfter([task("started", 1, { clock: 41 })]);

    expect(state.clock.value).toBe(42);
    expect(state.clock.forward()).toBe(43);
    expect(state.clock.adjust(7)).toBe(44);
  });

  it("gives an event its place that has none, and no client may set it", () => {
    const state = stateAfter([
      task("started", 1, { clock: 41 }),
      task("sent", 2, { uuid: "t2", clock: 1_000_000 }),
      task("started", 3, { uuid: "t3", clock: 0 }),
    ]);

    expect(Array.from(state.tasks.values(), ({ clock }) => clock)).toEqual([41, 41, 44]);
  });
});

describe("tasks", () => {
  const events = [
    task("received", 1, { uuid: "a", name: "add", clock: 10, root_id: "a" }),
    task("received", 9, { uuid: "b", name: "mul", clock: 20, root_id: "a", parent_id: "a" }),
    task("received", 3, { uuid: "c", name: "add", clock: 30, root_id: "a", parent_id: "a", hostname: "w2@host" }),
    task("succeeded", 4, { uuid: "a", clock: 40 }),
    task("sent", 0, { uuid: "d", name: "sub", hostname: "gen1@host" }),
  ];

  it("come in the order of the logical clock, the latest first", () => {
    const state = stateAfter(events);

    expect(idsOf(state.tasksByTime())).toEqual(["a", "d", "c", "b"]);
    expect(idsOf(state.tasksByTime({ reverse: false }))).toEqual(idsOf(state.tasksByTime()).toReversed());
    expect(idsOf(state.tasksByTime({ limit: 2, offset: 1 }))).toEqual(idsOf(state.tasksByTime()).slice(1, 3));
    expect(state.tasksByTime({ limit: -1, offset: -1 })).toEqual([]);
  });

  it("come in the order of the clocks on walls too", () => {
    expect(idsOf(stateAfter(events).tasksByTimestamp())).toEqual(["b", "a", "c", "d"]);
  });

  it("are found by what they have in common", () => {
    const state = stateAfter(events);

    expect(idsOf(state.tasksByType("add"))).toEqual(["a", "c"]);
    expect(idsOf(state.tasksByWorker("w2@host"))).toEqual(["c"]);
    expect(idsOf(state.tasksByState("RECEIVED"))).toEqual(["c", "b"]);
    expect(idsOf(state.tasksByParent("a"))).toEqual(["c", "b"]);
    expect(idsOf(state.tasksByRoot("a", { reverse: false, limit: 2 }))).toEqual(["b", "c"]);
    expect(state.tasksByType("nope")).toEqual([]);
    expect(state.taskTypes()).toEqual(["add", "mul", "sub"]);
    expect(Object.fromEntries(state.countsByState())).toEqual({ RECEIVED: 2, SUCCESS: 1, PENDING: 1 });
    expect(state).toMatchObject({ eventCount: 5, taskCount: 3 });
  });

  it("are forgotten when they have ended, or all, with what there was of them", () => {
    const state = stateAfter(events);

    state.clearTasks();
    expect(idsOf(state.tasks.values())).toEqual(["b", "c", "d"]);
    expect(idsOf(state.tasksByType("add"))).toEqual(["c"]);
    expect(state.tasks.get("b")?.parent).toBeNull();

    state.clear({ onlyReady: false });
    expect([state.tasks.size, state.workers.size, state.eventCount, state.taskCount]).toEqual([0, 0, 0, 0]);
    expect(state.countsByState().size).toBe(0);
  });
});

describe("memory", () => {
  it("holds the newest tasks, and counts all", () => {
    const all = ["a", "b", "c", "d"].map((uuid) => task("received", 1, { uuid, name: "add" }));

    const state = stateAfter(all, { maxTasks: 2 });

    expect(idsOf(state.tasks.values())).toEqual(["c", "d"]);
    expect(idsOf(state.tasksByType("add"))).toHaveLength(2);
    expect(state).toMatchObject({ eventCount: 4, taskCount: 4 });
  });

  it("holds who is heard of, though it came early, and the parent of who is", () => {
    const state = stateAfter(
      [
        ...["old", "parent", "child"].map((uuid) => task("received", 1, { uuid })),
        task("started", 2, { uuid: "old" }),
        task("received", 2, { uuid: "child", parent_id: "parent" }),
        task("received", 3, { uuid: "new" }),
        task("received", 3, { uuid: "newer" }),
      ],
      { maxTasks: 4 },
    );

    expect(idsOf(state.tasks.values())).toEqual(["child", "parent", "new", "newer"]);
  });

  it("holds so many workers at most", () => {
    const all = ["w1", "w2", "w1", "w3"].map((hostname) => worker("heartbeat", 1, { hostname }));

    expect([...stateAfter(all, { maxWorkers: 2 }).workers.keys()]).toEqual(["w1", "w3"]);
  });

  it.each([0, -1, 1.5, Number.NaN])("has a bound that is a whole number: not %s", (maxTasks) => {
    expect(() => new State({ maxTasks })).toThrow(`maxTasks is ${maxTasks}: give a whole number from 1`);
  });
});

describe("workers", () => {
  it("are alive for twice their interval after they were heard here", () => {
    let now = start;
    const state = stateAfter([], { now: () => now * 1000 });
    const about = {
      pid: 7,
      freq: 2,
      active: 1,
      processed: 9,
      loadavg: [1, 2, 3],
      sw_ident: "py-celery",
      sw_ver: "5.6.3",
    };
    state.event(worker("online", -10, { ...about, sw_sys: "Linux" }));
    const [node] = state.aliveWorkers();

    expect(node?.toJSON()).toEqual({
      hostname: "w1@host",
      pid: 7,
      freq: 2,
      active: 1,
      processed: 9,
      loadavg: [1, 2, 3],
      clock: 1,
      drift: 10,
      heartbeats: [start],
      swIdent: "py-celery",
      swVer: "5.6.3",
      swSys: "Linux",
    });
    expect(node).toMatchObject({ id: "w1@host.7", heartbeatExpires: start + 4 });
    now = start + 3.9;
    expect(node).toMatchObject({ alive: true, statusString: "ONLINE" });
    now = start + 4;
    expect(node).toMatchObject({ alive: false, statusString: "OFFLINE" });
    expect(state.aliveWorkers()).toEqual([]);
  });

  it("are expected within two minutes where they do not say their interval", () => {
    const [node] = stateAfter([worker("heartbeat", 0, { freq: null })]).workers.values();

    expect(node?.heartbeatExpires).toBe(start + 120);
  });

  it("keep the last four times that they were heard", () => {
    const state = stateAfter([]);
    for (const at of [1, 5, 3, 4, 2]) state.event(worker("heartbeat", at), start + at);

    expect(state.workers.get("w1@host")?.heartbeats).toEqual([2, 3, 4, 5].map((at) => start + at));
  });

  it("are gone at once when they say so", () => {
    const state = stateAfter([worker("online", 0), worker("offline", 1)]);

    expect(state.workers.get("w1@host")).toMatchObject({ alive: false, heartbeats: [], heartbeatExpires: null });
    expect(state.event(worker("offline", 1, { hostname: "w9@host" }))).toMatchObject({ isNew: false });
    expect([...state.workers.keys()]).toEqual(["w1@host"]);
  });

  it("are known and alive by their tasks alone, clients are not", () => {
    const state = stateAfter([task("started", 0), task("sent", 0, { uuid: "t2", hostname: "gen1@host" })]);

    expect(state.aliveWorkers().map(({ hostname }) => hostname)).toEqual(["w1@host"]);
    expect(state.tasks.get("t2")).toMatchObject({ client: "gen1@host", worker: null, origin: "gen1@host" });
  });

  it("are named once when their clocks are wrong", () => {
    const wrong: WorkerNode[] = [];
    const state = stateAfter([], { onDrift: (node) => wrong.push(node) });

    for (const at of [16, -16, 17, -17]) state.event(worker("heartbeat", at));
    state.event(task("started", 100));

    expect(wrong.map(({ hostname }) => hostname)).toEqual(["w1@host"]);
    expect(wrong.every(isDrifting)).toBe(true);
  });
});

describe("whoever listens", () => {
  it("hears each event with what it has changed", () => {
    const heard: Change[] = [];
    const events = [worker("online", 0), task("received", 1), { type: "order-paid", hostname: "shop", timestamp: 1 }];

    stateAfter(events, { onEvent: (_, change) => heard.push(change) });

    expect(heard).toMatchObject([
      { group: "worker", subject: "online", isNew: true, worker: { hostname: "w1@host" } },
      { group: "task", subject: "received", isNew: true, before: null, isLate: false, task: { id: "t1" } },
      { group: "other", subject: "order-paid" },
    ]);
  });

  it("may fail, and the event is folded all the same", () => {
    const state = new State({ onEvent: fail });

    expect(() => state.event(task("received", 1))).toThrow("mine");
    expect(state.tasks.get("t1")?.state).toBe("RECEIVED");
  });
});

function fail(): never {
  throw new TypeError("mine");
}
