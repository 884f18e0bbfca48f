/** What a canvas sends later is looked at when it is sent, as the calls are that are sent at once: nothing of it leaves. */

import { chain, chord, group, ImproperlyConfigured, NotSupportedError, QueueNotFound, signature } from "umbel";
import type { SignatureOptions, TaskMessage } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

function tasks(options: WorldOptions = {}) {
  const home = world(options);
  const { app } = home;
  return {
    ...home,
    one: app.task("tasks.one", () => 1),
    id: app.task("tasks.id", (x: unknown) => x),
    list: app.task("tasks.list", (values: readonly unknown[]) => values.length),
    add: app.task({ name: "tasks.add", params: ["x", "y"] }, (x: number, y: number) => x + y),
    short: app.task({ name: "tasks.short", timeLimit: 3 }, () => 1),
    far: app.task({ name: "tasks.far", queue: "nowhere" }, () => 1),
  };
}

type Tasks = ReturnType<typeof tasks>;

/** What is shipped goes to a queue of its region. */
function routed() {
  const home = tasks({
    taskCreateMissingQueues: false,
    taskQueues: { eu: {}, us: {} },
    taskRoutes: [{ "mars.fly": "mars" }, byRegion],
  });
  const ran: string[] = [];
  const ship = home.app.task("tasks.ship", ({ region }: { region: string }) => {
    ran.push(region);
  });
  return { ...home, ran, ship, made: home.app.task("tasks.made", () => ({ region: "eu" })) };
}

function byRegion(name: string, args: readonly unknown[]) {
  const region = /mars|eu|us/.exec(JSON.stringify(args[0] ?? null))?.[0];
  return name === "tasks.ship" ? { queue: region ?? "none" } : undefined;
}

/** A message as Celery's client sends one, with a callback of its own making. */
function foreign(options: SignatureOptions): TaskMessage {
  const id = "00000000-0000-4000-8000-000000000001";
  const headers = { lang: "py", task: "tasks.stand", id, retries: 0, root_id: id, parent_id: null };
  const callback = { task: "tasks.id", args: [], kwargs: {}, options, subtask_type: null, immutable: false } as const;
  const embed = { callbacks: [callback], errbacks: null, chain: null, chord: null };
  return { headers, properties: { correlation_id: id }, body: [[], {}, embed] };
}

interface Sendable {
  readonly wire: Parameters<typeof signature>[1];
  delay(): Promise<unknown>;
}

/** Signatures as programs have them that no compiler has looked at. */
function loose(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

/** Wherever something can follow. */
const places: readonly (readonly [place: string, put: (tasks: Tasks, later: Sendable) => Sendable])[] = [
  ["step of a chain", ({ one }, later) => chain(one.s(), loose(later))],
  ["last of three steps", ({ one, id }, later) => chain(one.s(), id.s(), loose(later))],
  ["body of a chord", ({ one }, later) => chord([one.s()], loose(later))],
  ["callback", ({ one }, later) => one.s().link(loose(later))],
  ["errback", ({ one }, later) => one.s().linkError(loose(later))],
  ["callback of a callback", ({ one, id }, later) => one.s().link(id.s().link(loose(later)))],
  ["member of a later group", ({ one, id }, later) => chain(one.s(), group([id.s(), loose(later)]))],
  ["step of a chain in a later group", ({ one, id }, later) => chain(one.s(), group([chain(id.s(), loose(later))]))],
];

const everywhere = (slips: readonly string[]) =>
  places.flatMap(([place, put]) => slips.map((slip) => [slip, place, put] as const));

describe("where only known queues are used", () => {
  const known = { taskCreateMissingQueues: false, taskQueues: { mail: {} } };

  it.each(everywhere(["that names another queue", "whose task names another queue"]))(
    "a call %s is refused as %s",
    async (slip, _, put) => {
      const home = tasks(known);
      const later = slip.startsWith("whose") ? home.far.si() : home.one.si().set({ queue: "nowhere" });

      await expect(put(home, later).delay()).rejects.toThrow(QueueNotFound);

      expect(home.ports.calls).not.toContain("publish");
    },
  );

  it("a later canvas that is set to another queue is refused, and its parts go where it is set to", async () => {
    const { one, id, far, finish } = tasks(known);
    const moved = chain(far.si(), id.s()).set({ queue: "mail" });

    await expect(chain(one.s(), chain(one.si(), id.s()).set({ queue: "nowhere" })).delay()).rejects.toThrow(
      'Queue "nowhere" is not among taskQueues (default, mail)',
    );
    const result = await chain(one.s(), moved).delay();
    await finish();

    expect(await result.state()).toBe("SUCCESS");
  });

  it("what a task is replaced by is refused, with what follows within that; what followed the task is not asked", async () => {
    const { app, one, id, finish } = tasks(known);
    const stand = app.task({ name: "tasks.stand", bind: true }, (task): unknown =>
      task.replace(chain(one.s(), id.s().set({ queue: "nowhere" }))),
    );

    const result = await stand.delay();
    await finish();

    expect(await result.meta()).toMatchObject({ status: "FAILURE", result: { exc_type: "QueueNotFound" } });
  });

  it("what followed a task that is replaced was looked at when that was sent", async () => {
    const { app, one, far, finish } = tasks({ taskQueues: { mail: {} } });
    const stand = app.task({ name: "tasks.stand", bind: true }, (task): unknown => task.replace(one.s()));
    const sent = await chain(stand.s().link(far.si()).linkError(far.si()), far.si()).delay();
    const members = await chord([stand.s()], far.si()).delay();

    app.conf.taskCreateMissingQueues = false;
    await finish();

    expect([await sent.state(), await members.state()]).toEqual(["SUCCESS", "SUCCESS"]);
  });

  it("a route that is a function is not asked of a step whose first argument is not known yet", async () => {
    const { made, one, ran, ship, finish } = routed();

    await chain(made.s(), ship.s()).delay();
    await one
      .s()
      .link(ship.si({ region: "us" }))
      .delay();
    await finish();

    expect(ran).toEqual(["eu", "us"]);
  });

  it.each<[string, (tasks: ReturnType<typeof routed>) => Sendable]>([
    ["is immutable, and routed by a function", ({ ship }) => loose(ship.si({ region: "mars" }))],
    ["names a queue itself", ({ ship }) => loose(ship.s().set({ queue: "mars" }))],
    ["is routed by its name before a function is asked", ({ app }) => signature(app, { task: "mars.fly" })],
  ])("a step that %s is refused with another queue", async (_, later) => {
    const home = routed();

    await expect(chain(home.one.s(), loose(later(home))).delay()).rejects.toThrow('Queue "mars" is not among');
  });
});

describe("what followed a task that is replaced, and was made by another sender", () => {
  const conf = { taskCreateMissingQueues: false, taskQueues: { mail: {} } };
  const slips: readonly (readonly [slip: string, options: SignatureOptions])[] = [
    ["priority 200", { priority: 200 }],
    ["a queue that nobody declared", { queue: "theirs" }],
    ["a countdown and an eta", { countdown: 1, eta: "2020-01-01T00:00:00+00:00" }],
  ];
  const stands: readonly (readonly [what: string, by: (tasks: Tasks) => Sendable])[] = [
    ["a task", ({ one }) => one.s()],
    ["a chain", ({ one, id }) => chain(one.s(), id.s())],
    ["a chord", ({ one, list }) => chord([one.s()], list.s())],
  ];
  const cases = slips.flatMap(([slip, options]) =>
    stands.map(([what, by]) => [`${slip}: ${what}`, options, by] as const),
  );

  it.each(cases)("is let pass with %s", async (_, options, by) => {
    const home = tasks(conf);
    home.app.task({ name: "tasks.stand", bind: true }, (task): unknown => task.replace(loose(by(home))));
    const message = foreign(options);

    await home.broker.publish([{ message, queue: "default", deduplicationId: "foreign" }]);
    await home.finish();

    expect(await home.app.result(message.headers.id).state()).toBe("SUCCESS");
  });
});

describe("a later call of a task that is known", () => {
  it.each(everywhere(["too few", "too many"]))(
    "is refused with %s arguments, when immutable, as %s",
    async (slip, _, put) => {
      const home = tasks();
      const given = slip === "too few" ? [1] : [1, 2, 3];
      const later = signature(home.app, { task: "tasks.add", args: given, immutable: true });

      await expect(put(home, later).delay()).rejects.toThrow(
        /^tasks\.add\(\) (missing|takes).*\(it follows another call\)$/,
      );

      expect(home.ports.calls).not.toContain("publish");
    },
  );

  it.each(everywhere(["soft limit"]))("is refused with a %s beyond its hard one, as %s", async (_, _place, put) => {
    const home = tasks();
    const later = home.short.si().set({ softTimeLimit: 5 });

    await expect(put(home, later).delay()).rejects.toThrow(
      "softTimeLimit of tasks.short is longer than timeLimit: the soft limit must come first",
    );
  });

  it.each(everywhere(["priority"]))("is refused with a %s that is none, as %s", async (_, _place, put) => {
    const home = tasks();
    const later = signature(home.app, { task: "tasks.one", options: { priority: 99 }, immutable: true });

    await expect(put(home, later).delay()).rejects.toThrow(
      "priority of tasks.one is 99: give a whole number from 0 to 9",
    );
  });

  it("is refused when it is due at two times, or only after it has expired", async () => {
    const home = tasks();
    const sent = async (options: object) => {
      const later = signature(home.app, { task: "tasks.one", options, immutable: true });
      await chain(home.one.s(), loose(later)).delay();
    };

    await expect(sent({ countdown: 10, eta: "2030-01-01T00:00:00Z" })).rejects.toThrow("a countdown and an eta");
    await expect(sent({ countdown: 10, expires: 5 })).rejects.toThrow(ImproperlyConfigured);
    await sent({ eta: "2030-01-01T00:00:00Z", expires: 5 });
  });

  it("is refused when it is to wait and the broker holds nothing back", async () => {
    const home = tasks();
    Object.assign(home.app.broker, { traits: { ...home.app.broker.traits, delay: false } });

    const sent = chain(home.one.s(), home.id.s().set({ countdown: 5 })).delay();

    await expect(sent).rejects.toThrow(NotSupportedError);
  });

  it("gets the value before it in a chain within a group within a chain, and is counted with that", async () => {
    const { app, one, add, list, finish } = tasks();
    const same = app.task("tasks.same", (x: number) => x);

    const result = await chain(one.s(), group([chain(same.s(), add.s(1)), add.s(2)]), list.s()).delay();
    await finish();

    expect(await result.get()).toBe(2);
  });
});

describe("the items of a task that is mapped", () => {
  it.each<[string, (tasks: Tasks) => Sendable, item: number]>([
    ["map", ({ add }) => add.map(loose([1, 2])), 1],
    ["starmap", ({ add }) => add.starmap(loose([[1, 2], [3]])), 2],
    ["chunks", ({ add }) => add.chunks(loose([[1, 2], [1, 2], [3]]), 2), 3],
  ])("are counted: %s", async (what, make, item) => {
    const home = tasks();
    const sentence = `tasks.add() missing 1 required positional argument: 'y' (item ${item} of celery.${what})`;

    await expect(make(home).delay()).rejects.toThrow(sentence);
    for (const [, put] of places) await expect(put(home, make(home)).delay()).rejects.toThrow(sentence);

    expect(home.ports.calls).not.toContain("publish");
  });

  it("are not counted of a task that is not known here, or takes what it is given", async () => {
    const { app, one, finish } = tasks();
    const any = app.task({ name: "tasks.any", typing: false }, (x: number, y?: number) => [x, y ?? 0]);

    const result = await chain(one.s(), any.starmap(loose([[1], [1, 2, 3]]))).delay();
    await finish();

    expect(await result.get()).toHaveLength(2);
  });
});
