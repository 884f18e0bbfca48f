import { describe, expect, it } from "vitest";
import { start, stateAfter, task, taskAfter } from "./cluster.ts";

const received = task("received", 1, { name: "add", args: "(2, 3)", kwargs: "{}", retries: 0, color: "red" });

describe("a task, as events come in order", () => {
  it("has every field that they tell", () => {
    const sent = task("sent", 0, {
      name: "add",
      hostname: "gen1@host",
      exchange: "",
      routing_key: "celery",
      queue: "q",
    });
    const done = task("succeeded", 3, { result: "5", runtime: 0.5, clock: 12 });

    const { worker: by, ...told } = taskAfter(sent, received, task("started", 2), done).toJSON();

    expect(by).toBe("w1@host");
    expect(told).toEqual({
      uuid: "t1",
      name: "add",
      state: "SUCCESS",
      sent: start,
      received: start + 1,
      started: start + 2,
      succeeded: start + 3,
      failed: null,
      retried: null,
      revoked: null,
      rejected: null,
      args: "(2, 3)",
      kwargs: "{}",
      eta: null,
      expires: null,
      retries: 0,
      result: "5",
      runtime: 0.5,
      exception: null,
      traceback: null,
      exchange: "",
      routingKey: "celery",
      timestamp: start + 3,
      clock: 12,
      client: "gen1@host",
      rootId: null,
      parentId: null,
      children: [],
      extra: { queue: "q", color: "red" },
      heard: { clock: 12, timestamp: start + 3, origin: "w1@host" },
    });
  });

  it.each([
    ["sent", "PENDING"],
    ["received", "RECEIVED"],
    ["started", "STARTED"],
    ["succeeded", "SUCCESS"],
    ["failed", "FAILURE"],
    ["retried", "RETRY"],
    ["revoked", "REVOKED"],
    ["cancelled", "CANCELLED"],
    ["my-progress", "MY-PROGRESS"],
  ])("is after task-%s in the state %s", (subject, state) => {
    expect(taskAfter(task(subject, 1)).state).toBe(state);
  });

  it("has no name when nobody heard how it began", () => {
    expect(taskAfter(task("succeeded", 1, { result: "1" }))).toMatchObject({ state: "SUCCESS", name: null });
  });

  it("is attempted again after a retry, whose exception stays", () => {
    const again = task("received", 3, { name: "add", retries: 1 });

    const told = taskAfter(received, task("retried", 2, { exception: "Oops()" }), again, task("started", 4));

    expect(told).toMatchObject({ state: "STARTED", exception: "Oops()", retries: 1, retried: start + 2 });
  });

  it("is pending again once it is sent again after a retry", () => {
    expect(taskAfter(task("retried", 1), task("sent", 2)).state).toBe("PENDING");
  });

  it("stays started when it is rejected, for whoever has it next", () => {
    const told = taskAfter(task("started", 1), task("rejected", 2, { requeue: true }));

    expect(told).toMatchObject({ state: "STARTED", rejected: start + 2, extra: { requeue: true } });
  });

  it("takes fields of a program's own, for those with a name of ours too", () => {
    const told = taskAfter(received, task("progress", 2, { pct: 5, result: { half: true }, state: "SUCCESS" }));

    expect(told).toMatchObject({ state: "PROGRESS", result: null });
    expect(told.extra).toEqual({ color: "red", pct: 5, result: { half: true }, state: "SUCCESS" });
  });

  it("keeps a hundred of them at most, and any name is only a name", () => {
    const names = Array.from({ length: 200 }, (_, at) => [`f${at}`, at]);
    const told = taskAfter(
      task("progress", 1, JSON.parse('{ "__proto__": { "polluted": 1 } }')),
      task("progress", 2, Object.fromEntries(names)),
    );

    expect(Object.keys(told.extra)).toHaveLength(100);
    expect(Object.hasOwn(told.extra, "__proto__")).toBe(true);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

describe("a late event", () => {
  it("of the beginning tells what the call was, and nothing else", () => {
    const told = taskAfter(task("succeeded", 3, { result: "5" }), received, task("started", 2));

    expect(told).toMatchObject({ state: "SUCCESS", name: "add", args: "(2, 3)", started: start + 2 });
    expect(told.extra).toEqual({});
  });

  it("does not set back when the task came to its state (Celery's does)", () => {
    const told = taskAfter(task("succeeded", 3, { clock: 9 }), task("started", 2, { clock: 8 }));

    expect(told).toMatchObject({ timestamp: start + 3, clock: 9, started: start + 2 });
  });

  it.each(["failed", "succeeded", "revoked"])(
    "does not reopen a task that has %s for a retry (Celery's does)",
    (end) => {
      const told = taskAfter(
        task(end, 3, { exception: "Last()" }),
        task("retried", 2, { exception: "First()", traceback: "x" }),
      );

      expect(told).toMatchObject({ retried: start + 2, timestamp: start + 3, exception: "Last()", traceback: null });
      expect(told.ready).toBe(true);
    },
  );

  it("of a retry tells what was thrown where nothing later was", () => {
    const told = taskAfter(task("succeeded", 3), task("retried", 2, { exception: "First()", traceback: "x" }));

    expect(told).toMatchObject({ state: "SUCCESS", exception: "First()", traceback: "x" });
  });

  it.each([
    ["failed", { exception: "Oops()" }, { exception: "Oops()", failed: start + 2 }],
    ["progress", { pct: 5 }, { extra: { pct: 5 } }],
  ])("of another end or of one's own adds what it tells: %s", (subject, fields, expected) => {
    expect(taskAfter(task("succeeded", 3), task(subject, 2, fields))).toMatchObject({ state: "SUCCESS", ...expected });
  });

  it("is told as such", () => {
    const state = stateAfter([task("succeeded", 3)]);

    expect(state.event(task("started", 2))).toMatchObject({ isLate: true, isNew: false, before: "SUCCESS" });
    expect(state.event(task("started", 2, { uuid: "t2" }))).toMatchObject({ isLate: false, isNew: true, before: null });
  });
});

describe("a family", () => {
  const child = task("received", 2, { uuid: "t2", name: "store", parent_id: "t1", root_id: "t1" });

  it.each([
    ["before", [received, child]],
    ["after", [child, received]],
  ])("is known though the parent comes %s the child", (_, events) => {
    const state = stateAfter(events);

    const [parent, other] = [state.tasks.get("t1"), state.tasks.get("t2")];
    expect(parent?.children).toEqual([other]);
    expect(other?.parent).toBe(parent);
    expect(other?.root).toBe(parent);
    expect(parent?.parent).toBeNull();
  });

  it("is no circle though Celery's retries name the task as its own parent", () => {
    const told = taskAfter(received, task("received", 2, { name: "add", parent_id: "t1", root_id: "t1", retries: 1 }));

    expect(told).toMatchObject({ parentId: null, parent: null, children: [], rootId: "t1" });
    expect(told.root).toBe(told);
  });

  it("is no circle though a task that was replaced comes back as a child of its own", () => {
    const back = task("received", 3, { name: "add", parent_id: "t3", root_id: "t1" });
    const state = stateAfter([received, child, { ...child, uuid: "t3", parent_id: "t2" }, back]);

    expect(state.tasks.get("t1")).toMatchObject({ parentId: null, parent: null });
    expect(state.tasks.get("t3")).toMatchObject({ parentId: "t2", children: [] });
  });

  it("is that of the parent which is told last", () => {
    const state = stateAfter([received, child, { ...child, parent_id: "t9" }]);

    expect(state.tasks.get("t1")?.children).toEqual([]);
    expect(state.tasks.get("t2")).toMatchObject({ parentId: "t9", parent: null });
  });
});

describe("what a task shows to people", () => {
  it("is what is known of Celery's selection, or of one's own", () => {
    const told = taskAfter(received, task("succeeded", 2, { result: "5" }));

    expect(told.info()).toEqual({ args: "(2, 3)", kwargs: "{}", retries: 0, result: "5" });
    expect(told.info(["result", "eta"], ["name"])).toEqual({ result: "5", name: "add" });
    expect(told.origin).toBe("w1@host");
  });
});
