/** What is put around steps of a task's life: it encloses them, and changes nothing of them. */

import { describe, expect, it } from "vitest";
import { around, type Around, type LogRecord, Umbel, within } from "../src/index.ts";

const refused = new Error("refused");

function shop() {
  const lines: LogRecord[] = [];
  const app = new Umbel("shop", { log: (record) => lines.push(record) });
  let runs = 0;
  const run = async (end: string | Error = "done") =>
    await within(app, { step: "process", about: incoming }, async () => {
      runs += 1;
      return await (end instanceof Error ? Promise.reject(end) : Promise.resolve(end));
    });
  return { app, run, runs: () => runs, lines };
}

const incoming = {
  message: { headers: { task: "shop.add", id: "one" }, properties: {}, body: [[], {}, null] },
  queue: "default",
  hostname: "worker@shop",
} as const;

describe("a step", () => {
  it("runs as it is where nothing is around it, or only something around others", async () => {
    const { app, run, runs } = shop();
    around(app, { attempt: async (_, proceed) => await proceed() });

    expect(await run()).toBe("done");
    expect(runs()).toBe(1);
  });

  it("is enclosed by all that is around it, what came first outside, and each is told what it is about", async () => {
    const { app, run } = shop();
    const seen: unknown[] = [];
    const layer = (name: string): Around => ({
      async process({ queue }, proceed) {
        seen.push(`${name} of ${queue}`);
        seen.push(await proceed());
      },
    });
    around(app, layer("outer"));
    around(app, layer("inner"));

    await run();

    expect(seen).toEqual(["outer of default", "inner of default", "done", "done"]);
  });

  it("is the application's own", async () => {
    const [one, other] = [shop(), shop()];
    const seen: string[] = [];
    around(one.app, { process: async ({ hostname }) => seen.push(hostname) });

    await other.run();

    expect(seen).toEqual([]);
  });

  it("is as it was once that is taken away, which may be done twice", async () => {
    const { app, run } = shop();
    const seen: string[] = [];
    const undo = around(app, { process: async () => seen.push("first") });
    around(app, { process: async () => seen.push("second") });

    undo();
    undo();
    await run();

    expect(seen).toEqual(["second"]);
  });
});

describe("what is around a step can change nothing:", () => {
  it.each<[string, Around["process"]]>([
    ["it throws before", async () => await Promise.reject(refused)],
    ["it throws after", async (_, proceed) => await proceed().then(async () => await Promise.reject(refused))],
    ["it throws while the step runs", async (_, proceed) => [void proceed(), await Promise.reject(refused)]],
  ])("%s, and the step runs once, and the log is told", async (_, process) => {
    const { app, run, runs, lines } = shop();
    if (process !== undefined) around(app, { process });

    expect(await run()).toBe("done");
    expect(runs()).toBe(1);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      "ERROR What is put around the step process threw: Error: refused",
    ]);
  });

  it.each<[string, Around["process"]]>([
    ["does nothing", async () => await Promise.resolve()],
    ["proceeds twice", async (_, proceed) => [await proceed(), await proceed()]],
    ["returns something else", async (_, proceed) => [await proceed(), "other"]],
  ])("what is there %s, and the step runs once and comes to its own end", async (_, process) => {
    const { app, run, runs, lines } = shop();
    if (process !== undefined) around(app, { process });

    expect(await run()).toBe("done");
    expect(runs()).toBe(1);
    expect(lines).toEqual([]);
  });

  it("what the step throws is swallowed, and is thrown all the same, and logged by nobody", async () => {
    const { app, run, runs, lines } = shop();
    around(app, { process: async (_, proceed) => await proceed().catch(() => "fine") });
    around(app, { process: async (_, proceed) => await proceed() });

    await expect(run(refused)).rejects.toBe(refused);
    expect(runs()).toBe(1);
    expect(lines).toEqual([]);
  });
});
