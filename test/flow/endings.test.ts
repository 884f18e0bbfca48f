/** Delivery, point 14: every node of a canvas ends, whatever becomes of one of them. */

import { chain, chord, group, Ignore, NotRegistered, Reject, TaskFailure, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { type World, world } from "./world.ts";

const never = new Promise<never>(() => undefined);

/** A world with a task for each way to end, and lists of what ran and of which failures were told. */
function troubled() {
  const home = world({ brokerRetries: 2 });
  const { app, broker, backend, kill } = home;
  const stranger = new Umbel("stranger", { broker, backend });
  const ran: string[] = [];
  const told: { readonly excType: string; readonly id: string }[] = [];
  let requeues = 0;
  return {
    ...home,
    ran,
    told,
    tell: app.task("tasks.tell", (failure: { readonly excType: string; readonly id: string }) => {
      told.push(failure);
    }),
    ok: app.task("tasks.ok", (label: string) => {
      ran.push(label);
      return label;
    }),
    list: app.task("tasks.list", (values: readonly unknown[]) => {
      ran.push("body");
      return values.map(String);
    }),
    fails: app.task("tasks.fails", () => {
      throw new RangeError("too far");
    }),
    unknown: stranger.task("tasks.unknown", () => "nobody here runs it"),
    lost: app.task("tasks.lost", async () => {
      kill();
      return await never;
    }),
    overdue: app.task({ name: "tasks.overdue", timeLimit: 5 }, async () => await never),
    rejects: app.task("tasks.rejects", () => {
      throw new Reject("unwanted");
    }),
    ignores: app.task("tasks.ignores", () => {
      throw new Ignore();
    }),
    requeued: app.task("tasks.requeued", () => {
      requeues += 1;
      if (requeues < 3) throw new Reject("not now", { requeue: true });
      return "in the end";
    }),
  };
}

type Troubled = ReturnType<typeof troubled>;

/** How a step ends, and what that makes of what waits for it. */
interface Ending {
  readonly how: string;
  /** The call that ends so. */
  readonly step: (home: Troubled) => ReturnType<Troubled["ok"]["si"]>;
  readonly state: "FAILURE" | "REVOKED";
  /** The error, as its class and message. */
  readonly error: string;
}

const endings: readonly Ending[] = [
  { how: "fails", step: ({ fails }) => fails.si(), state: "FAILURE", error: "RangeError: too far" },
  {
    how: "is of a task that nobody knows",
    step: ({ unknown }) => unknown.si(),
    state: "FAILURE",
    error: String(new NotRegistered("tasks.unknown")),
  },
  {
    how: "loses its worker for good",
    step: ({ lost }) => lost.si(),
    state: "FAILURE",
    error: "WorkerLostError: The worker that ran it has died, and its message will not come again",
  },
  {
    how: "exceeds its hard limit",
    step: ({ overdue }) => overdue.si(),
    state: "FAILURE",
    error: "TimeLimitExceeded: it took longer than its hard time limit of 5 s",
  },
  { how: "is rejected", step: ({ rejects }) => rejects.si(), state: "FAILURE", error: "Reject: unwanted" },
  {
    how: "is revoked",
    step: ({ ok }) => ok.si("revoked").set({ taskId: "revoked" }),
    state: "REVOKED",
    error: "TaskRevokedError: revoked",
  },
  {
    how: "expires",
    step: ({ ok }) => ok.si("expired").set({ expires: new Date("2025-12-31T23:59:59Z") }),
    state: "REVOKED",
    error: "TaskRevokedError: expired",
  },
];

/** `RangeError: too far`; whose error it is the test knows. */
function nameOf(error: Error): string {
  const message = error.message.replace(/^The call \S+/, "it");
  return `${error instanceof TaskFailure ? error.excType : error.name}: ${message}`;
}

/** The end of each call, in a word or two. */
async function endsOf({ app }: World, ids: readonly string[]) {
  return await Promise.all(
    ids.map(async (id) => {
      const end = await app.result(id).settled();
      return end.state === "SUCCESS" ? `SUCCESS ${JSON.stringify(end.result)}` : `${end.state} ${nameOf(end.error)}`;
    }),
  );
}

interface Line {
  readonly id: string;
  readonly parent: Line | null;
}

/** Ids of a handle and of those before it, first step first. */
function lineOf({ id, parent }: Line): readonly string[] {
  return parent === null ? [id] : [...lineOf(parent), id];
}

describe.each(endings)("a step that $how", ({ step, state, error }) => {
  it("ends itself and the rest of its chain for the same reason, and tells the errback once", async () => {
    const home = troubled();
    const { ok, tell, app, finish, ran, told } = home;
    await app.revoke(["revoked"], false);

    const steps = chain(ok.si("before"), step(home), ok.si("after"), ok.si("last"));
    const result = await steps.linkError(tell.s()).delay();
    await finish();

    const ids = lineOf(result);
    const end = `${state} ${error}`;
    expect(await endsOf(home, ids)).toEqual(['SUCCESS "before"', end, end, end]);
    expect(ran).toEqual(["before"]);
    expect(told).toMatchObject([{ id: ids[1], state, excType: error.split(":")[0] }]);
  });

  it("fails its chord with a ChordError that names it, once the other members have run", async () => {
    const home = troubled();
    const { ok, list, tell, app, finish, ran, told } = home;
    await app.revoke(["revoked"], false);

    const late = ok.si("late").set({ countdown: 40 });
    const result = await chord([step(home), late], list.s().linkError(tell.s())).delay();
    await home.advance(10);
    expect(await result.state()).toBe("PENDING");
    await finish();

    const [lost, other] = result.parent?.ids ?? [];
    expect(await endsOf(home, [lost ?? "", other ?? ""])).toEqual([`${state} ${error}`, 'SUCCESS "late"']);
    const [type, text = ""] = error.split(": ");
    const message = type === "NotRegistered" ? text.split(" ")[0] : text; // What is stored is the name alone.
    const shown = type === "TimeLimitExceeded" ? `${type}(5)` : `${type}('${message}')`;
    expect(await endsOf(home, [result.id])).toEqual([`FAILURE ChordError: Dependency ${lost} raised ${shown}`]);
    expect(ran).toEqual(["late"]);
    expect(told).toMatchObject([{ id: result.id, excType: "ChordError" }]);
  });

  it("ends alone in a group", async () => {
    const home = troubled();
    await home.app.revoke(["revoked"], false);

    const result = await group([step(home), home.ok.si("other")]).delay();
    await home.finish();

    expect(await endsOf(home, result.ids)).toEqual([`${state} ${error}`, 'SUCCESS "other"']);
    expect(await result.ready()).toBe(true);
    expect(await result.successful()).toBe(false);
  });

  it("ends the members of a group that was to follow it", async () => {
    const home = troubled();
    const { ok, app, finish, ran } = home;
    await app.revoke(["revoked"], false);

    const result = await chain(step(home), group([ok.si("a"), ok.si("b")])).delay();
    await finish();

    const end = `${state} ${error}`;
    expect(await endsOf(home, result.ids)).toEqual([end, end]);
    expect(ran).toEqual([]);
  });

  it("ends the members and the body of a chord that was to follow it", async () => {
    const home = troubled();
    const { ok, list, app, finish, ran } = home;
    await app.revoke(["revoked"], false);

    const result = await chain(step(home), chord([ok.si("a"), ok.si("b")], list.s())).delay();
    await finish();

    const end = `${state} ${error}`;
    expect(await endsOf(home, [result.id, ...(result.parent?.ids ?? [])])).toEqual([end, end, end]);
    expect(ran).toEqual([]);
  });
});

describe("a step that is ignored", () => {
  it("is SUCCESS with null, and revokes the rest of its chain; no errback hears of it", async () => {
    const home = troubled();
    const { ok, ignores, tell, finish, ran, told } = home;

    const result = await chain(ok.si("before"), ignores.si(), ok.si("after"), ok.si("last"))
      .linkError(tell.s())
      .delay();
    await finish();

    const revoked = "REVOKED TaskRevokedError: ignored";
    expect(await endsOf(home, lineOf(result))).toEqual(['SUCCESS "before"', "SUCCESS null", revoked, revoked]);
    expect(ran).toEqual(["before"]);
    expect(told).toEqual([]);
  });

  it("counts as null in its chord, and the body runs", async () => {
    const { ok, ignores, list, finish } = troubled();

    const result = await chord([ok.si("a"), ignores.si(), ok.si("c")], list.s()).delay();
    await finish();

    expect(await result.get()).toEqual(["a", "null", "c"]);
  });

  it("is null in a group", async () => {
    const { ok, ignores, finish } = troubled();

    const result = await group([ok.si("a"), ignores.si()]).delay();
    await finish();

    expect(await result.get()).toEqual(["a", null]);
  });
});

describe("a step that is requeued", () => {
  it("makes the rest of its chain wait, its state unchanged", async () => {
    const { app, ok, requeued, finish, broker } = troubled();

    const result = await chain(requeued.si(), ok.si("after")).delay();
    await broker.deliverNext();
    expect(await app.result(result.parent?.id ?? "").state()).toBe("PENDING");
    expect(await result.state()).toBe("PENDING");
    await finish();

    expect(await result.parent?.get()).toBe("in the end");
    expect(await result.get()).toBe("after");
  });

  it("makes its chord wait", async () => {
    const { ok, requeued, list, finish, broker } = troubled();

    const result = await chord([requeued.si(), ok.si("b")], list.s()).delay();
    await broker.deliverNext();
    await broker.deliverNext();
    expect(await result.state()).toBe("PENDING");
    await finish();

    expect(await result.get()).toEqual(["in the end", "b"]);
  });

  it("makes its group wait", async () => {
    const { ok, requeued, finish, drain } = troubled();

    const result = await group([requeued.si(), ok.si("b")]).delay();
    await drain();
    expect(await result.ready()).toBe(false);
    await finish();

    expect(await result.get()).toEqual(["in the end", "b"]);
  });
});

describe("canvases within canvases", () => {
  it("a chord in a chord's header is one member, whose value is its body's", async () => {
    const { ok, list, finish } = troubled();

    const inner = chord([ok.si("a"), ok.si("b")], list.s());
    const result = await chord([inner, ok.si("c")], list.s()).delay();
    await finish();

    expect(await result.get()).toEqual(["a,b", "c"]);
  });

  it("a failure in a chord in a chord fails both bodies, each naming what it lost", async () => {
    const home = troubled();
    const { ok, fails, list, tell, finish, ran, told } = home;

    const inner = chord([ok.si("a"), fails.si()], list.s());
    const result = await chord([inner, ok.si("c")], list.s().linkError(tell.s())).delay();
    await finish();

    const [innerId] = result.parent?.ids ?? [];
    expect(await endsOf(home, [innerId ?? ""])).toEqual([
      expect.stringMatching(/^FAILURE ChordError: Dependency \S+ raised RangeError\('too far'\)$/),
    ]);
    await expect(result.get()).rejects.toThrow(`Dependency ${innerId} raised ChordError(`);
    expect(ran.toSorted((a, b) => a.localeCompare(b))).toEqual(["a", "c"]);
    expect(told).toMatchObject([{ id: result.id }]);
  });

  it("a chain that ends in a group is one member of a chord, whose value is a list", async () => {
    const { ok, list, finish } = troubled();

    const member = chain(ok.si("a"), group([ok.si("b"), ok.si("c")]));
    const result = await chord([member, ok.si("d")], list.s()).delay();
    await finish();

    expect(await result.get()).toEqual(["b,c", "d"]);
  });

  it("a failure in such a chain fails the chord", async () => {
    const { ok, fails, list, finish, ran } = troubled();

    const member = chain(fails.si(), group([ok.si("b"), ok.si("c")]));
    const result = await chord([member, ok.si("d")], list.s()).delay();
    await finish();

    await expect(result.get()).rejects.toThrow(/RangeError\('too far'\)/);
    expect(ran).toEqual(["d"]);
  });

  it("a group in a group's or a header's place is flattened, in order", async () => {
    const { ok, list, finish } = troubled();

    const nested = group([ok.si("a"), group([ok.si("b"), group([ok.si("c"), ok.si("d")])]), ok.si("e")]);
    const grouped = await nested.delay();
    const chorded = await chord([ok.si("z"), nested], list.s()).delay();
    await finish();

    expect(grouped.ids).toHaveLength(5);
    expect(await grouped.get()).toEqual(["a", "b", "c", "d", "e"]);
    expect(await chorded.get()).toEqual(["z", "a", "b", "c", "d", "e"]);
  });

  it("chords in a row hand their values on", async () => {
    const { ok, list, finish } = troubled();

    const result = await chain(
      ok.s("first"),
      group([ok.si("a"), ok.si("b")]),
      list.s(),
      group([list.s(), list.s()]),
      list.s(),
    ).delay();
    await finish();

    expect(await result.get()).toEqual(["a,b", "a,b"]);
  });

  it("a chord whose body is a group gives a list", async () => {
    const { ok, list, finish } = troubled();

    const result = await chord([ok.si("a"), ok.si("b")], group([list.s(), list.s()])).delay();
    await finish();

    expect(await result.get()).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  it("a failure before a body that is a group ends all its members", async () => {
    const home = troubled();
    const { ok, fails, list, finish } = home;

    const result = await chord([ok.si("a"), fails.si()], group([list.s(), list.s()])).delay();
    await finish();

    expect(await endsOf(home, result.ids)).toEqual([
      expect.stringMatching(/^FAILURE ChordError/),
      expect.stringMatching(/^FAILURE ChordError/),
    ]);
  });

  it("nothing at all is an empty list, wherever it stands", async () => {
    const { ok, list, finish, pushes } = troubled();

    const alone = await group([]).delay();
    const asHeader = await chord([], list.s()).delay();
    const before = await chain(group([]), list.s()).delay();
    const piped = await group([]).pipe(list.s()).delay();
    await finish();
    expect(pushes).toHaveLength(3);
    const behind = await chain(ok.si("a"), group([])).delay();
    const between = await chain(ok.si("a"), group([]), list.s()).delay();
    await finish();

    expect(await alone.get()).toEqual([]);
    expect(await asHeader.get()).toEqual([]);
    expect(await before.get()).toEqual([]);
    expect(await piped.get()).toEqual([]);
    expect(await behind.get()).toEqual([]);
    expect(await between.get()).toEqual([]);
  });
});

describe("an errback", () => {
  it("is told once, though the push that failed comes again hours later", async () => {
    const { fails, tell, redeliver, finish, told, clock } = troubled();
    await fails.applyAsync([], { linkError: tell.s() });
    await finish();

    await clock.advance(3600);
    await redeliver(0);
    await finish();

    expect(told).toHaveLength(1);
  });

  it("is told of the step that failed, once, though it is linked to several", async () => {
    const { ok, fails, tell, finish, told } = troubled();

    const linked = tell.s();
    const result = await chain(ok.si("a").linkError(linked), fails.si().linkError(linked), ok.si("c").linkError(linked))
      .linkError(linked)
      .delay();
    await finish();

    expect(told).toMatchObject([{ id: result.parent?.id }]);
  });
});

describe("an errback of a chord whose body is a group", () => {
  it.each(["alone", "in another chord"])("is told once that the chord has failed: %s", async (where) => {
    const { fails, list, tell, finish, told } = troubled();

    const failing = chord([fails.si()], group([list.s(), list.s()])).linkError(tell.s());
    await (where === "alone" ? failing : chord([failing], list.s())).delay();
    await finish();

    expect(told).toMatchObject([{ excType: "ChordError" }]);
  });
});

describe("a chord", () => {
  it("counts a member once, however often it is delivered", async () => {
    const { ok, list, broker, redeliver, finish, ran } = troubled();
    const result = await chord([ok.si("a"), ok.si("b"), ok.si("c")], list.s()).delay();
    await broker.deliverNext();

    await redeliver(0);
    await redeliver(0);
    await broker.deliverNext();
    await redeliver(0);
    await redeliver(1);
    expect(ran).toEqual(["a", "b"]);
    await finish();

    expect(await result.get()).toEqual(["a", "b", "c"]);
    expect(ran).toEqual(["a", "b", "c", "body"]);
  });

  it("runs its body once, though it is published again hours later", async () => {
    const { ok, list, redeliver, finish, ran, clock, broker } = troubled();
    await chord([ok.si("a"), ok.si("b")], list.s()).delay();
    await finish();

    await clock.advance(3600);
    await redeliver(1);
    expect(broker.waiting).toHaveLength(1);
    await finish();

    expect(ran).toEqual(["a", "b", "body"]);
  });

  it("tells the errback of its body once, though its last member is delivered again hours later", async () => {
    const { ok, fails, list, tell, redeliver, finish, told, clock, ran } = troubled();
    await chord([fails.si(), ok.si("b")], list.s().linkError(tell.s())).delay();
    await finish();

    await clock.advance(3600);
    await redeliver(1);
    await finish();

    expect(told).toHaveLength(1);
    expect(ran).toEqual(["b"]);
  });

  it.each(["finish", "join", "publish"] as const)(
    "survives a worker that dies at %s of its last member",
    async (method) => {
      for (const moment of ["before", "after"] as const) {
        const { ok, list, ports, kill, broker, finish, ran } = troubled();
        const result = await chord([ok.si("a"), ok.si("b")], list.s()).delay();
        await broker.deliverNext();
        ports[moment](method, kill);

        await finish();

        expect(await result.get()).toEqual(["a", "b"]);
        expect(ran.filter((each) => each === "body")).toHaveLength(1);
      }
    },
  );

  it("waits for a member that is due weeks after the others", async () => {
    const { ok, list, finish } = troubled();

    const result = await chord([ok.si("a"), ok.si("b").set({ countdown: "30d" })], list.s()).delay();
    await finish();

    expect(await result.get()).toEqual(["a", "b"]);
  });

  it("counts a member that was retried once, under its id", async () => {
    const { app, ok, list, finish, ran } = troubled();
    const again = app.task({ name: "tasks.again", bind: true }, (task) =>
      task.request.retries < 2 ? task.retry({ countdown: 1 }) : "third",
    );

    const result = await chord([again.si(), ok.si("b")], list.s()).delay();
    await finish();

    expect(await result.get()).toEqual(["third", "b"]);
    expect(ran).toEqual(["b", "body"]);
  });

  it("collects the ends of its members when it is told to", async () => {
    const { app, ok, fails, finish } = troubled();
    const states = app.task("tasks.states", (ends: readonly { readonly state: string }[]) =>
      ends.map(({ state }) => state),
    );

    const result = await chord([ok.si("a"), fails.si()], states.s(), { onError: "collect" }).delay();
    await finish();

    expect(await result.get()).toEqual(["SUCCESS", "FAILURE"]);
  });
});
