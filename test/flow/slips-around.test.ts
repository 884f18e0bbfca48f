/**
 * What may be got wrong beside calls where no compiler has looked: signals, schedules, settings of elsewhere. Each is refused
 * where it is written, with a sentence that names the thing and what it takes.
 */

import { chain, configFrom, group, ImproperlyConfigured, Umbel } from "umbel";
import { beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** Plays what no compiler has seen. */
function untyped(value: unknown): never {
  const box: { readonly value: never } = Object.assign(JSON.parse("{}"), { value });
  return box.value;
}

const { app } = world();
const add = app.task({ name: "tasks.add", params: ["x", "y"] }, (x: number, y: number) => x + y);

/** What was tried, and what is said of it. */
type Row = readonly [what: string, tried: () => unknown, says: string];

const listening: readonly Row[] = [
  [
    "a text in place of a receiver",
    () => app.signals.taskSuccess.connect(untyped("x")),
    "task_success.connect() takes a function, and was given a string",
  ],
  [
    "a misspelt option",
    () => app.signals.taskSuccess.connect(() => 1, untyped({ sneder: add })),
    'task_success.connect() has no option "sneder"; there are sender, dispatchUid',
  ],
  [
    "a misspelt option when a receiver is taken away",
    () => app.signals.taskSuccess.disconnect(() => 1, untyped({ sneder: add })),
    'task_success.disconnect() has no option "sneder"',
  ],
];

const every = (schedule: unknown) => () => beat(app, { tidy: { task: add.si(1, 2), schedule: untyped(schedule) } });

const schedules: readonly Row[] = [
  [
    "a crontab that lacks fields",
    every("*/5 * *"),
    'schedule of the beat entry "tidy": The crontab "*/5 * *" has 3 fields',
  ],
  ["nothing", every(null), 'schedule of the beat entry "tidy": null is no schedule: give 300, "5m", { minutes: 5 }'],
  ["no schedule", every(undefined), 'The beat entry "tidy" has no schedule'],
  ["a list", every([5]), 'schedule of the beat entry "tidy": [5] is no schedule'],
  ["a text in its parts", every({ minutes: "soon" }), 'The interval {"minutes":"soon"} is no time span'],
  ["half a second", every(0.5), 'schedule of the beat entry "tidy": The interval 0.5 is under a second'],
  ["a misspelt unit", every({ minuts: 5 }), 'There is no unit "minuts" of an interval; the nearest name is "minutes"'],
  ["no task", () => beat(app, untyped({ tidy: { schedule: 5 } })), 'The beat entry "tidy" has no task'],
  ["no entry", () => beat(app, untyped({ tidy: null })), 'The beat entry "tidy" is null: give { task, schedule }'],
  [
    "a misspelt part",
    () => beat(app, untyped({ tidy: { task: add.si(1, 2), shedule: 5 } })),
    'There is no field "shedule" of the beat entry "tidy"; the nearest name is "schedule"',
  ],
  [
    "a call that lacks an argument",
    () => beat(app, untyped({ tidy: { task: add, schedule: 5 } })),
    'args of the beat entry "tidy": tasks.add() missing 2 required positional arguments',
  ],
  [
    "a call that lacks one of two",
    () => beat(app, untyped({ tidy: { task: add.s(1), schedule: 5 } })),
    'args of the beat entry "tidy": tasks.add() missing 1 required positional argument',
  ],
];

const elsewhere: readonly Row[] = [
  [
    "Celery's name, misspelt",
    () => configFrom(app, { task_defualt_queue: "a" }),
    'There is no setting "task_defualt_queue"; the nearest name is "task_default_queue"',
  ],
  [
    "the same in capitals, under a namespace",
    () => configFrom(app, { CELERY_TASK_DEFUALT_QUEUE: "a" }, { namespace: "CELERY" }),
    'There is no setting "CELERY_TASK_DEFUALT_QUEUE"; the nearest name is "CELERY_TASK_DEFAULT_QUEUE"',
  ],
  [
    "a variable that says nothing",
    () => configFrom(app, (name: string) => (name === "UMBEL_RESULT_EXPIRES" ? "soon" : undefined)),
    'UMBEL_RESULT_EXPIRES is "soon": give seconds above 0, or a text such as "1h30m", or null for ever',
  ],
  [
    "a misspelt option of configFrom",
    () => configFrom(app, {}, untyped({ namepsace: "CELERY" })),
    'There is no option "namepsace" of configFrom; the nearest name is "namespace"',
  ],
  [
    "what cannot be changed",
    () => app.conf.update(untyped({ broker: qstash() })),
    'broker is given once: new Umbel("name", { broker })',
  ],
  ["a misspelt option of qstash", () => qstash(untyped({ tokn: "x" })), 'qstash() has no option "tokn"'],
  ["a misspelt option of upstash", () => upstash(untyped({ tokn: "x" })), 'upstash() has no option "tokn"'],
];

const revoking: readonly Row[] = [
  [
    "a misspelt option",
    async () => await app.result("x").revoke(untyped({ termiante: true })),
    'revoke() has no option "termiante"; there are terminate, canvas',
  ],
];

const signatures: readonly Row[] = [
  ["a step that is awaited", () => chain(untyped(Promise.resolve(add.s(1, 2)))), "is a promise: await it first"],
  [
    "Celery's set(immutable=True)",
    () => add.s(1, 2).set(untyped({ immutable: true })),
    "A signature is made immutable, by task.si(), not set so",
  ],
  ["waits in a record", () => group([add.s(1, 2)]).skew(untyped({ start: 1 })), '{"start":1} is not a duration'],
  [
    "Celery's name of an option of a task",
    () => app.task(untyped({ name: "tasks.x", max_retries: 3 }), () => 1),
    'There is no option "max_retries" of the task "tasks.x"; the nearest name is "maxRetries"',
  ],
  [
    "a name among shared options",
    () => app.task(untyped({ name: "tasks.x", base: { name: "y" } }), () => 1),
    '"name" is one task\'s own: it is no option of the base of the task "tasks.x"',
  ],
  ["null for options", async () => await add.applyAsync([1, 2], untyped(null)), "give options"],
  [
    "a route to a number",
    async () => {
      const { app: routed } = world({ taskRoutes: () => untyped(5) });
      await routed.task("tasks.add", () => 1).delay();
    },
    "The route of tasks.add is 5: give the name of a queue, or { queue, priority }",
  ],
];

describe.each([
  ["a signature", signatures],
  ["listening", listening],
  ["a schedule", schedules],
  ["settings of elsewhere", elsewhere],
  ["revoking", revoking],
])("a slip in %s", (_, rows) => {
  it.each(rows)("is named: %s", async (_what, tried, says) => {
    const slip = async () => await tried();

    await expect(slip()).rejects.toThrow(ImproperlyConfigured);
    await expect(slip()).rejects.toThrow(says);
  });
});

it("an application says by its settings which broker and backend it has, and none of their secrets", () => {
  const env = { QSTASH_TOKEN: "hush", QSTASH_URL: "http://127.0.0.1:8080" };
  const shop = new Umbel("shop", {
    broker: qstash(),
    backend: upstash({ token: "secret", url: "http://127.0.0.1:1" }),
    env,
  });

  expect(String(shop.conf)).toBe('broker: "qstash"\nbackend: "upstash-redis"');
  expect(shop.conf.humanize()).not.toMatch(/hush|secret|127/);
});
