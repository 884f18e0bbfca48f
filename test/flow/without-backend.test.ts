/** An application without a backend: tasks run and what is linked is sent; what needs a store is refused by name. */

import { chain, chord, group } from "umbel";
import { beat } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { backendless } from "./backendless.ts";

describe("an application without a backend", () => {
  it("runs a task, fires its signals, and sends what is linked", async () => {
    const { app, drain, ran, fired } = backendless();
    const note = app.task("tasks.note", (text: string) => void ran.push(text));
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const tell = app.task("tasks.tell", (sum: number) => void ran.push(sum));

    await add.applyAsync([1, 2], { link: [tell.s(), note.si("linked")] });
    await drain();

    expect(ran).toEqual([3, "linked"]);
    expect(fired.filter((each) => each.endsWith("tasks.add"))).toEqual([
      "received tasks.add",
      "prerun tasks.add",
      "success tasks.add",
      "postrun tasks.add",
    ]);
  });

  it("runs a chain to its end, and a group, each with its arguments", async () => {
    const { app, drain, ran } = backendless();
    const add = app.task("tasks.add", (x: number, y: number) => {
      ran.push(x + y);
      return x + y;
    });

    await chain(add.s(1, 1), add.s(2), add.s(3)).delay();
    await group([add.s(10, 1), add.s(20, 1)]).delay();
    await drain();

    expect(ran.toSorted((a, b) => Number(a) - Number(b))).toEqual([2, 4, 7, 11, 21]);
  });

  it("tells errbacks of a failure, and runs no later step", async () => {
    const { app, drain, ran } = backendless();
    const boom = app.task("tasks.boom", (): number => {
      throw new RangeError("too far");
    });
    const never = app.task("tasks.never", (x: number) => void ran.push(x));
    const told = app.task("tasks.told", ({ excMessage }: { excMessage: string }) => void ran.push(excMessage));

    await chain(boom.s(), never.s()).delay();
    await boom.applyAsync([], { linkError: told.s() });
    await drain();

    expect(ran).toEqual(["too far"]);
  });

  it("retries by message, with the same id, and gives up when no retry is left", async () => {
    const { app, finish, ran, fired } = backendless();
    const again = app.task({ name: "tasks.again", bind: true, maxRetries: 2 }, ({ request, retry }) => {
      ran.push([request.id, request.retries]);
      retry({ countdown: 60 });
    });

    const { id } = await again.delay();
    await finish();

    expect(ran).toEqual([0, 1, 2].map((retries) => [id, retries]));
    expect(fired.at(-1)).toBe("postrun tasks.again");
    expect(fired).toContain("failure tasks.again");
  });

  it("keeps the time limits of an attempt, its expiry, and an unknown task's failure", async () => {
    const { app, finish, ran, fired, clock } = backendless();
    const slow = app.task({ name: "tasks.slow", timeLimit: 30 }, async () => await new Promise<null>(() => undefined));
    const note = app.task("tasks.note", (text: string) => void ran.push(text));

    await slow.applyAsync([], { linkError: note.si("overdue") });
    await note.applyAsync(["late"], { expires: 10, linkError: note.si("expired") });
    clock.advance(11);
    await app.sendTask("tasks.unheard", { linkError: note.si("unknown") });
    await finish();

    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    expect(new Set(ran)).toEqual(new Set(["expired", "overdue", "unknown"]));
    expect(ran).toHaveLength(3);
    expect(fired).toContain("revoked tasks.note");
  });

  it("stores no state: an update is shown to nobody, and starts are tracked for nobody", async () => {
    const { app, drain, ran } = backendless({ taskTrackStarted: true });
    const shown = app.task({ name: "tasks.shown", bind: true }, async (task) => {
      ran.push(await task.updateState({ state: "HALF" }));
    });

    await shown.delay();
    await drain();

    expect(ran).toEqual([false]);
  });

  it("runs a message again that is delivered again: nobody has claimed it", async () => {
    const { app, drain, redeliver, ran } = backendless();
    const note = app.task("tasks.note", (text: string) => void ran.push(text));
    await note.delay("twice");
    await drain();

    await redeliver();

    expect(ran).toEqual(["twice", "twice"]);
  });

  it("sends on what is due later than its broker holds anything", async () => {
    const { app, finish, ran, clock } = backendless({}, { maxDelay: 3600 });
    const note = app.task("tasks.note", () => void ran.push(clock.now() / 1000));

    await note.applyAsync([], { countdown: 10_000 });
    await finish();

    expect(ran).toEqual([10_000]);
  });

  it("says so where its worker is asked whether it is ready", async () => {
    const { fetch } = backendless();

    const response = await fetch(new Request("http://127.0.0.1:8787/"));

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ app: "tasks", backend: "none" });
  });
});

describe("what needs a backend is refused where there is none", () => {
  const mended = 'needs a backend, and the application "tasks" has none: new Umbel("tasks", { backend: upstash() })';

  it.each([
    ["get()", "Waiting for a result"],
    ["settled()", "Waiting for a result"],
    ["state()", "Reading a state or a result"],
    ["meta()", "Reading a state or a result"],
    ["forget()", "forget()"],
    ["revoke()", "revoke()"],
    ["get() of a group", "Following a group"],
    ["state() of a group", "Reading a state or a result"],
  ])("%s, at once and by name", async (call, what) => {
    const { app } = backendless();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const one = await add.delay(1, 2);
    const many = await group([add.s(1, 2), add.s(3, 4)]).delay();
    const calls: Record<string, () => Promise<unknown>> = {
      "get()": async () => await one.get(),
      "settled()": async () => await one.settled(),
      "state()": async () => await one.state(),
      "meta()": async () => await one.meta(),
      "forget()": async () => await one.forget(),
      "revoke()": async () => await one.revoke(),
      "get() of a group": async () => await many.get(),
      "state() of a group": async () => await many.state(),
    };

    await expect(calls[call]?.()).rejects.toMatchObject({ code: "NOT_SUPPORTED", message: `${what} ${mended}` });
  });

  it("a chord, in whatever depth, before anything is sent", async () => {
    const { app, broker } = backendless();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const sum = app.task("tasks.sum", (numbers: number[]) => numbers.length);
    const members = [add.s(1, 1), add.s(2, 2)];
    const counted = chord(members, sum.s());
    const canvases = [
      counted,
      group(members).pipe(sum.s()),
      chain(add.s(1, 1), chord([add.s(1), add.s(2)], sum.s())),
      group([add.s(1, 2), counted]),
      add.s(1, 2).link(chain(add.s(1), add.s(2)).linkError(chord([add.si(1, 1)], sum.s()))),
    ];

    for (const canvas of canvases) {
      await expect(canvas.delay()).rejects.toMatchObject({
        code: "NOT_SUPPORTED",
        message: `A chord, or a group that something follows, ${mended}`,
      });
    }
    expect(broker.waiting).toEqual([]);
  });

  it("beat, when it is asked whether it is ready, and at its tick", async () => {
    const { app, broker } = backendless();
    const note = app.task("tasks.note", () => undefined);
    const clockwork = beat(app, { often: { task: note.s(), schedule: 60 } }, { tickedBy: "platform" });

    await expect(clockwork.tick()).rejects.toMatchObject({ code: "NOT_SUPPORTED", message: `beat ${mended}` });
    const response = await clockwork.fetch(new Request("http://127.0.0.1:8788/"));

    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "NOT_SUPPORTED", detail: `beat ${mended}` });
    expect(broker.waiting).toEqual([]);
  });

  it("a foreign sender's chord: its member runs, and the log says that nobody counts it", async () => {
    const { app, broker, drain, ran, lines } = backendless();
    app.task("tasks.note", (text: string) => void ran.push(text));
    await app.sendTask("tasks.note", { args: ["member"], taskId: "member" });
    const [waiting] = broker.waiting;
    const { body, ...rest } = JSON.parse(waiting?.body ?? "{}");
    const chordBody = { task: "tasks.sum", args: [], kwargs: {}, options: { task_id: "sum", chord_size: 1 } };
    const headers = { ...rest.headers, group: "members", group_index: 0 };
    const forged = { ...rest, headers, body: [body[0], body[1], { ...body[2], chord: chordBody }] };
    Object.assign(waiting ?? {}, { body: JSON.stringify(forged) });

    await drain();

    expect(ran).toEqual(["member"]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "CRITICAL", message: expect.stringContaining("which nobody counts here") }),
    );
    expect(broker.waiting).toEqual([]);
  });
});
