/** The traceback of a failed task is the user's: nothing of how it came to be run stands above it. */

import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

/** Frames of the traceback of a task with this body, its own declared too. */
async function framesOf(bodyOf: (app: ReturnType<typeof world>["app"]) => () => unknown) {
  const { app, finish } = world();
  const task = app.task("tasks.fails", bodyOf(app));
  const result = await task.delay();
  await finish();
  const lines = (await result.traceback())?.split("\n") ?? [];
  return lines.slice(1, -1).map((line) => /File ".*\/([^/]+)", line \d+, in (.*)$/.exec(line)?.slice(1).join(" "));
}

function lookUp(): never {
  throw new RangeError("too far");
}

async function lookUpLater(): Promise<never> {
  await Promise.resolve();
  return lookUp();
}

function bodyAtOnce(): void {
  lookUp();
}

async function laterBody(): Promise<void> {
  await lookUpLater();
}

describe("a traceback", () => {
  it("begins with the body of a task that throws at once", async () => {
    const frames = await framesOf(() => bodyAtOnce);

    expect(frames).toEqual(["tracebacks.test.ts bodyAtOnce", "tracebacks.test.ts lookUp"]);
  });

  it("begins with the body of a task that throws later", async () => {
    const frames = await framesOf(() => laterBody);

    expect(frames).toEqual([
      "tracebacks.test.ts laterBody",
      "tracebacks.test.ts lookUpLater",
      "tracebacks.test.ts lookUp",
    ]);
  });

  it("keeps what is between two bodies when one calls the other like a function", async () => {
    const frames = await framesOf((app) => {
      const other = app.task("tasks.other", async () => await lookUpLater());
      return async function body() {
        await other();
      };
    });

    expect(frames[0]).toBe("tracebacks.test.ts body");
    expect(frames.at(-1)).toBe("tracebacks.test.ts lookUp");
  });

  it("keeps our frames below the body's: what a body called of ours", async () => {
    const frames = await framesOf(
      (app) =>
        async function body() {
          await app.sendTask("tasks.other", { queue: "" });
        },
    );

    expect(frames[0]).toBe("tracebacks.test.ts body");
    expect(frames.length).toBeGreaterThan(1);
  });
});
