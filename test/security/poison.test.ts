/** Messages that only a forger writes: each ends at once, instead of coming back for a day. */

import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";

const half = "\uD83D";

/** Delivers one message with this embed, in a world of its own. */
async function delivered(embed: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, unknown>> = {}) {
  const home = world({ brokerRetries: 2 });
  home.app.task("tasks.add", (x: number, y: number) => x + y);
  await home.app.sendTask("tasks.add", { args: [1, 2], taskId: "victim" });
  const message = {
    headers: { id: "victim", task: "tasks.add", ...headers },
    properties: {},
    body: [[1, 2], {}, embed],
  };
  Object.assign(home.broker.waiting[0] ?? {}, { body: JSON.stringify({ v: 1, ...message }) });
  await home.finish();
  return { ...home, settled: await home.app.result("victim").settled({ timeout: 1 }) };
}

/** A chord's body that nobody but a forger writes so. */
function chordWith(options: Readonly<Record<string, unknown>>) {
  return { chord: { task: "tasks.add", args: [], options: { task_id: "body", chord_size: 1, ...options } } };
}

describe("a forged message", () => {
  it.each([
    {
      what: "a callback's queue that is not text",
      embed: { callbacks: [{ task: "tasks.add", options: { queue: half } }] },
    },
    { what: "a chord's body without an id", embed: chordWith({ task_id: null }) },
    { what: "a chord's body for a queue that is not text", embed: chordWith({ queue: half }) },
    { what: "a member's id as its chord's", embed: chordWith({ task_id: "victim" }) },
  ])("with $what is answered 200, and its own task has ended well", async ({ embed }) => {
    const { answers, settled } = await delivered(embed, { group: "group" });

    expect(new Set(answers)).toEqual(new Set(["200"]));
    expect(settled).toEqual({ state: "SUCCESS", result: 3 });
  });

  it.each([
    { what: "a chord of no members", embed: chordWith({ chord_size: 0 }) },
    { what: "a chord of fewer than none", embed: chordWith({ chord_size: -1 }) },
    { what: "a callback for no queue", embed: { callbacks: [{ task: "tasks.add", options: { queue: "" } }] } },
    {
      what: "a callback in a billion years",
      embed: { callbacks: [{ task: "tasks.add", options: { countdown: 1e300 } }] },
    },
    {
      what: "a callback whose id is too long",
      embed: { callbacks: [{ task: "tasks.add", options: { task_id: "x".repeat(256) } }] },
    },
  ])("with $what is answered 200, and its own task fails for that reason", async ({ embed }) => {
    const { answers, settled } = await delivered(embed, { group: "group" });

    expect(answers).toEqual(["200"]);
    expect(settled.state).toBe("FAILURE");
  });
});
