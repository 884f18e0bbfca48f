/** Semantics 4.3: what happens in the life of an attempt, for every way in which it can end. docs/lifecycle.md says the same. */

import { readFileSync } from "node:fs";
import { Ignore, Reject } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { recorder, type Recorder, type Setting, type Step } from "./outcome-table.ts";

/** How an outcome is brought about: when it resolves, all that is to be in its table has happened. */
interface Scenario {
  readonly title: string;
  readonly settings?: Parameters<typeof recorder>[1];
  readonly act: (recorder: Recorder) => Promise<unknown>;
}

const never = async () => await new Promise<never>(() => undefined);

/** Declares a task, calls it, and delivers its message. */
function delivered(body: Parameters<Recorder["declare"]>[0], options: object = {}, call: object = {}): Scenario["act"] {
  return async ({ declare, call: send, kit }) => {
    declare(body, options);
    await send(call);
    await kit.broker.deliverNext();
  };
}

/** Delivers a message, kills its worker while the body runs, and waits until its lease is over. */
async function killed({ declare, call, kit, steps }: Recorder, options: object = {}): Promise<void> {
  declare(never, options);
  await call();
  const first = kit.broker.deliverNext();
  await until(() => steps.some(([kind]) => kind === "body"));
  kit.crash();
  await first;
  await kit.advance(61, { deliver: false });
  steps.length = 0;
}

/** What the one who revokes does is no part of the table. */
async function revoke(app: Recorder["app"], ids: readonly string[], steps: Step[]): Promise<void> {
  const before = steps.length;
  await app.revoke(ids, true);
  steps.length = before;
}

const scenarios: readonly Scenario[] = [
  { title: "Success", act: delivered(() => 1) },
  {
    title: "Failure",
    act: delivered(() => {
      throw new TypeError("broken");
    }),
  },
  { title: "Retry", act: delivered((task) => task.retry({ countdown: 10 })) },
  {
    title: "Ignore",
    act: delivered(() => {
      throw new Ignore();
    }),
  },
  {
    title: "Reject",
    act: async (recorded) => {
      await delivered(() => {
        throw new Reject("unwanted");
      })(recorded);
      const { broker } = recorded.kit;
      await broker.deliverNext((due) => due.find(({ queue }) => queue === undefined) ?? due[0]);
    },
  },
  {
    title: "Reject with requeue",
    act: delivered(() => {
      throw new Reject("later", { requeue: true });
    }),
  },
  {
    title: "Revoked before it runs",
    act: async ({ app, declare, call, kit, steps }) => {
      declare(() => 1);
      await revoke(app, [await call()], steps);
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Expired",
    act: async ({ declare, call, kit }) => {
      declare(() => 1);
      await call({ expires: 5 });
      await kit.advance(6, { deliver: false });
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Terminated while it runs",
    act: async ({ app, declare, call, kit, steps }) => {
      declare(async ({ signal }) => await kit.clock.sleep(3600, signal));
      const id = await call();
      const working = kit.broker.deliverNext();
      await until(() => steps.some(([kind]) => kind === "body"));
      await revoke(app, [id], steps);
      await kit.advance(30, { deliver: false });
      await working;
    },
  },
  {
    title: "Soft limit, heard",
    act: async ({ declare, call, kit }) => {
      declare(async ({ signal }) => await kit.clock.sleep(3600, signal).catch(() => 1), { softTimeLimit: 5 });
      await call();
      const working = kit.broker.deliverNext();
      await kit.advance(5, { deliver: false });
      await working;
    },
  },
  {
    title: "Soft limit, not caught",
    act: async ({ declare, call, kit }) => {
      declare(async ({ signal }) => await kit.clock.sleep(3600, signal), { softTimeLimit: 5 });
      await call();
      const working = kit.broker.deliverNext();
      await kit.advance(5, { deliver: false });
      await working;
    },
  },
  {
    title: "Hard limit",
    act: async ({ declare, call, kit }) => {
      declare(never, { timeLimit: 5 });
      await call();
      const working = kit.broker.deliverNext();
      await kit.advance(5, { deliver: false });
      await working;
    },
  },
  {
    title: "Hard limit, found by the next delivery",
    act: async (recorded) => {
      await killed(recorded, { timeLimit: 50 });
      await recorded.kit.broker.deliverNext();
    },
  },
  {
    title: "Worker lost, run again",
    act: async (recorded) => {
      let runs = 0;
      const { declare, call, kit, steps } = recorded;
      declare(async () => {
        runs += 1;
        return runs === 1 ? await never() : 1;
      });
      await call();
      const first = kit.broker.deliverNext();
      await until(() => runs === 1);
      kit.crash();
      await first;
      await kit.advance(61, { deliver: false });
      steps.length = 0;
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Worker lost, not run again",
    act: async (recorded) => {
      await killed(recorded, { rejectOnWorkerLost: false });
      await recorded.kit.broker.deliverNext();
    },
  },
  {
    title: "Worker lost, given up by the broker",
    settings: {},
    act: async (recorded) => {
      const { kit, steps } = recorded;
      await killed(recorded);
      const [message] = kit.waiting;
      Object.assign(message ?? {}, { retried: 30 });
      kit.before("claim", () => {
        throw new Error("the worker is broken");
      });
      await kit.broker.deliverNext();
      steps.length = 0;
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Unknown task",
    act: async ({ call, kit }) => {
      await call();
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Invalid message",
    act: async ({ declare, call, kit }) => {
      declare(() => 1);
      await call();
      Object.assign(kit.waiting[0] ?? {}, { body: "{}" });
      await kit.broker.deliverNext();
      await kit.broker.deliverNext();
    },
  },
  {
    title: "Delivered once more",
    act: async (recorded) => {
      await delivered(() => 1)(recorded);
      recorded.steps.length = 0;
      await recorded.kit.redeliver(0);
    },
  },
  {
    title: "Delivered while it runs",
    act: async ({ declare, call, kit, steps }) => {
      declare(never);
      await call();
      void kit.broker.deliverNext().catch(() => undefined);
      await until(() => steps.some(([kind]) => kind === "body"));
      steps.length = 0;
      await kit.redeliver(0);
    },
  },
  {
    title: "Acknowledged early",
    act: async ({ declare, call, kit, steps }) => {
      declare(async () => await kit.clock.sleep(5), { acksLate: false });
      await call();
      await kit.broker.deliverNext();
      await until(() => steps.some(([kind]) => kind === "body"));
      await kit.advance(5, { deliver: false });
      await until(() => steps.some(([, what]) => what.startsWith("taskPostrun")));
    },
  },
  {
    title: "Acknowledged early, worker lost",
    act: async (recorded) => {
      await killed(recorded, { acksLate: false });
      const { broker } = recorded.kit;
      await broker.deliverNext((due) => due.find(({ body }) => body.includes("umbel.guard")) ?? due[0]);
    },
  },
];

const page = readFileSync(new URL("../../docs/lifecycle.md", import.meta.url), "utf8");

/** The steps in the table under a heading, as far as they are of this setting. */
function stepsUnder(title: string, setting: Setting): readonly Step[] {
  const [, section = ""] = page.split(`\n### ${title}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .filter(([, , , , only = ""]) => only === "" || only === setting)
    .map(([, , kind = "", what = ""]): Step => [kind, what]);
}

describe.each(scenarios)("$title", ({ title, settings, act }) => {
  it.each(["chain", "chord"] as const)("in a %s goes as docs/lifecycle.md has it, step by step", async (setting) => {
    const recorded = recorder(setting, settings);

    await act(recorded);

    expect(recorded.steps).toEqual(stepsUnder(title, setting));
  });
});

describe("docs/lifecycle.md", () => {
  it("has a table for each of these outcomes, and for no other", () => {
    const [, tables = ""] = page.split("\n## In order\n");
    const [own = ""] = tables.split("\n## ");
    const titles = [...own.matchAll(/^### (.*)$/gm)].map(([, title]) => title);

    expect(titles).toEqual(scenarios.map(({ title }) => title));
  });
});
