import { describe, expect, it } from "vitest";
import { type SnapshotClock, snapshots, State, type StateSnapshot } from "../src/index.ts";
import { idsOf, start, stateAfter, task, worker } from "./cluster.ts";

const events = [
  worker("online", 0, { pid: 7, freq: 2 }),
  task("received", 1, { name: "add", clock: 10, color: "red" }),
  task("received", 2, { uuid: "t2", name: "mul", clock: 20, parent_id: "t1", root_id: "t1" }),
  task("sent", 3, { uuid: "t3", name: "sub", hostname: "gen1@host" }),
  "malformed",
].map(Object);

describe("a state as JSON", () => {
  it("goes on where it was, through a text", () => {
    const before = stateAfter(events);

    const after = State.from(JSON.parse(JSON.stringify(before)), { now: () => start * 1000 });

    expect(after.toJSON()).toEqual(before.toJSON());
    expect(after).toMatchObject({ eventCount: 4, taskCount: 2, malformed: 1 });
    expect(idsOf(after.tasksByTime())).toEqual(idsOf(before.tasksByTime()));
    expect(after.tasks.get("t2")?.parent).toBe(after.tasks.get("t1"));
    expect(after.tasks.get("t2")?.worker).toBe(after.workers.get("w1@host"));
    expect(after.aliveWorkers()).toHaveLength(1);
    expect(after.event(task("started", 3))).toMatchObject({ before: "RECEIVED", isNew: false });
  });

  it("is smaller in a smaller memory", () => {
    const after = State.from(stateAfter(events).toJSON(), { maxTasks: 1 });

    expect(idsOf(after.tasks.values())).toEqual(["t3"]);
    expect(after.tasksByRoot("t1")).toEqual([]);
  });

  it("does not change with the state", () => {
    const state = stateAfter(events);
    const picture = state.toJSON();
    const text = JSON.stringify(picture);

    state.event(task("succeeded", 5));

    expect(JSON.stringify(picture)).toBe(text);
  });

  const sound = stateAfter(events).toJSON();
  const [first] = sound.tasks;

  it.each([
    [null, "version: expected 1"],
    [{ ...sound, version: 2 }, "version: expected 1"],
    [{ ...sound, clock: "1" }, "clock: expected a whole number"],
    [{ ...sound, taskCount: -1 }, "a count is missing"],
    [{ ...sound, types: [1] }, "types: expected texts"],
    [{ ...sound, workers: {} }, "workers: expected a list"],
    [{ ...sound, workers: [{}] }, "workers: a hostname is missing"],
    [{ ...sound, workers: [{ hostname: "w" }] }, "freq does not fit"],
    [{ ...sound, tasks: [{}] }, "tasks: a uuid is missing"],
    [{ ...sound, tasks: [first, first] }, "is there twice"],
    [{ ...sound, tasks: [{ ...first, state: 1 }] }, "state does not fit"],
    [{ ...sound, tasks: [{ ...first, heard: {} }] }, "heard does not fit"],
    [{ ...sound, tasks: [{ ...first, worker: 1 }] }, "worker: expected a name"],
  ])("is refused with what is wrong when it is none: %#", (kept, problem) => {
    expect(() => State.from(kept)).toThrow(problem);
  });
});

describe("pictures at intervals", () => {
  it("are taken at whole intervals, also after a slow one", async () => {
    const { clock, times } = clockOf();
    const state = stateAfter(events);
    const stop = new AbortController();

    await snapshots(state, {
      every: "2s",
      clock,
      signal: stop.signal,
      shutter: async () => {
        times.push(clock.now() / 1000 - start);
        if (times.length === 2) await clock.sleep(3);
        if (times.length === 4) stop.abort();
      },
    });

    expect(times).toEqual([2, 4, 8, 10]);
  });

  it("forget what has ended once it is in one", async () => {
    const { clock } = clockOf();
    const state = stateAfter([...events, task("succeeded", 5)]);
    const stop = new AbortController();
    const taken: StateSnapshot[] = [];

    await snapshots(state, {
      clock,
      signal: stop.signal,
      clearAfter: true,
      shutter: (picture) => {
        taken.push(picture);
        if (taken.length === 2) stop.abort();
      },
    });

    expect(taken.map(({ tasks }) => tasks.map(({ uuid }) => uuid))).toEqual([
      ["t2", "t3", "t1"],
      ["t2", "t3"],
    ]);
  });

  it("end with what the shutter throws, and never begin when it is over already", async () => {
    const { clock } = clockOf();

    await expect(snapshots(new State(), { clock, shutter })).rejects.toThrow("full");
    await expect(snapshots(new State(), { clock, shutter, signal: AbortSignal.abort() })).resolves.toBeUndefined();
    await expect(snapshots(new State(), { clock, shutter, every: 0 })).rejects.toThrow("every is 0");
  });
});

async function shutter(): Promise<void> {
  throw new TypeError("full");
}

/** A clock that moves by sleeping. */
function clockOf(): { readonly clock: SnapshotClock; readonly times: number[] } {
  let now = start * 1000;
  const sleep = async (seconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    now += seconds * 1000;
  };
  return { clock: { now: () => now, sleep }, times: [] };
}
