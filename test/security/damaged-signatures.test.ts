/** A damaged or forged signature in a message is data: refused for good at the door, and nothing of it is run or sent. */

import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";

const good = { task: "tasks.note", args: ["x"], kwargs: {}, options: {}, subtask_type: null, immutable: false };

/** Delivers a call of `tasks.add` whose message carries this. */
async function delivered(embed: unknown, properties: Readonly<Record<string, unknown>> = {}) {
  const home = world();
  const ran: string[] = [];
  home.app.task("tasks.add", (x: number, y: number) => {
    ran.push("add");
    return x + y;
  });
  home.app.task("tasks.note", (text: string) => void ran.push(text));
  await home.app.sendTask("tasks.add", { args: [1, 2], taskId: "victim" });
  const headers = { id: "victim", task: "tasks.add", root_id: "victim" };
  const body = JSON.stringify({ v: 1, headers, properties, body: [[1, 2], {}, embed] });
  Object.assign(home.broker.waiting[0] ?? {}, { body });
  await home.finish();
  return { ...home, ran };
}

const damaged: readonly (readonly [what: string, signature: unknown])[] = [
  ["no object", "tasks.note"],
  ["a list", [good]],
  ["null", null],
  ["no task", { ...good, task: undefined }],
  ["a task without a name", { ...good, task: "" }],
  ["a task that is a number", { ...good, task: 5 }],
  ["arguments that are no list", { ...good, args: "x" }],
  ["named arguments that are a list", { ...good, kwargs: [1] }],
  ["options that are a text", { ...good, options: "queue" }],
  ["a kind of canvas that there is not", { ...good, subtask_type: "polygon" }],
  ["immutable that is a text", { ...good, immutable: "yes" }],
  ["an id that is a number", { ...good, options: { task_id: 7 } }],
  ["a queue that is an object", { ...good, options: { queue: {} } }],
  ["a target that is a number", { ...good, options: { target: 80 } }],
  ["an eta that is no date", { ...good, options: { eta: "soon" } }],
  ["a countdown that is a text", { ...good, options: { countdown: "10m" } }],
  ["a chord that is a text", { ...good, options: { chord: "body" } }],
  ["a damaged link", { ...good, options: { link: [{ ...good, args: 5 }] } }],
  ["a damaged errback of a link", { ...good, options: { link: { ...good, options: { link_error: 5 } } } }],
  ["a chain without tasks", { ...good, task: "celery.chain", subtask_type: "chain", kwargs: {} }],
  ["a chain of texts", { ...good, task: "celery.chain", subtask_type: "chain", kwargs: { tasks: ["tasks.note"] } }],
  ["a chord without a body", { ...good, task: "celery.chord", subtask_type: "chord", kwargs: { header: [good] } }],
];

describe.each(["callbacks", "errbacks", "chain"])("among a message's %s", (place) => {
  it.each(damaged)("%s is refused, and nothing is run", async (_what, signature) => {
    const { ran, answers, deadLetters, lines } = await delivered({ [place]: [signature] });

    expect(ran).toEqual([]);
    expect(answers[0]).toMatch(/^489/);
    expect(deadLetters).toHaveLength(1);
    expect(lines).toContainEqual(expect.objectContaining({ level: "ERROR" }));
  });
});

it.each(damaged.filter(([what]) => what !== "null"))("as the body of a chord %s is refused", async (_what, chord) => {
  const { ran, answers } = await delivered({ chord });

  expect(ran).toEqual([]);
  expect(answers[0]).toMatch(/^489/);
});

describe("a signature that is nested without end", () => {
  const wrap: Readonly<Record<string, (inner: unknown) => unknown>> = {
    "links of links": (inner) => ({ ...good, options: { link: [inner] } }),
    "errbacks of errbacks": (inner) => ({ ...good, options: { link_error: inner } }),
    "chains in chains": (inner) => ({
      ...good,
      task: "celery.chain",
      subtask_type: "chain",
      kwargs: { tasks: [inner] },
    }),
    "groups in groups": (inner) => ({
      ...good,
      task: "celery.group",
      subtask_type: "group",
      kwargs: { tasks: [inner] },
    }),
    "chords in chords": (inner) => {
      return { ...good, task: "celery.chord", subtask_type: "chord", kwargs: { header: [good], body: inner } };
    },
    "lists in its arguments": (inner) => ({ ...good, args: [inner] }),
  };

  it.each(Object.keys(wrap))("is answered once and for all: %s, 10,000 deep", async (how) => {
    let nested: unknown = good;
    // Written as text: whoever forges it need not build it.
    const [before = "", after = ""] = JSON.stringify(wrap[how]?.("HERE")).split('"HERE"');
    nested = before.repeat(10_000) + JSON.stringify(good) + after.repeat(10_000);
    const home = world();
    const ran: string[] = [];
    home.app.task("tasks.add", (x: number, y: number) => x + y);
    home.app.task("tasks.note", (text: unknown) => void ran.push(String(text).slice(0, 9)));
    await home.app.sendTask("tasks.add", { args: [1, 2], taskId: "victim" });
    const headers = '{"id":"victim","task":"tasks.add","root_id":"victim"}';
    const body = `{"v":1,"headers":${headers},"properties":{},"body":[[1,2],{},{"callbacks":[${String(nested)}]}]}`;
    Object.assign(home.broker.waiting[0] ?? {}, { body });

    await home.finish();

    expect(home.answers[0]).toMatch(/^(?:200|489)/);
    expect(home.answers.length).toBeLessThan(20);
    expect(home.waiting).toEqual([]);
  });
});

describe("properties of ours, forged", () => {
  it("early, without an eta or with one that has passed, hold nothing back", async () => {
    const { ran } = await delivered(null, { early: true });

    expect(ran).toEqual(["add"]);
  });

  it.each([
    ["early", "yes"],
    ["generation", -1],
    ["generation", 0.5],
  ])("%s as %j is refused", async (name, value) => {
    const { ran, answers } = await delivered(null, { [name]: value });

    expect(ran).toEqual([]);
    expect(answers[0]).toMatch(/^489/);
  });

  it.each([[[]], [["victim"]], ["victim"], [[{}, null, 5, ["x"]]], [{ length: 1e9 }]])(
    "a message of umbel.revoke with the argument %j ends, and takes nothing that nobody has revoked",
    async (argument) => {
      const home = world();
      const ran: string[] = [];
      const note = home.app.task("tasks.note", (text: string) => void ran.push(text));
      await note.applyAsync(["kept"], { countdown: 60, taskId: "victim" });

      await home.app.sendTask("umbel.revoke", { args: [argument] });
      await home.finish();

      expect(ran).toEqual(["kept"]);
      expect(home.deadLetters).toEqual([]);
    },
  );
});
