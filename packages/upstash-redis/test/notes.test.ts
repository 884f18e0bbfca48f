import type { Backend, ClaimNotes, EventLetter, Sighting } from "@umbel/protocol";
import { upstash, type UpstashOptions, withAttempts } from "@umbel/upstash-redis";
import { describe, expect, it } from "vitest";
import { startRecorder, type Words } from "./recorder.ts";

const fence = { retries: 0, generation: 0, epoch: 0 };
const lease = { lease: 60, retention: 3600 };
const long = "漢".repeat(400_000);

describe("what is told with a call", () => {
  it("has keys of its own behind those of the task, and channels with the prefix", async () => {
    const { told } = await claimed({ prefix: "shop:" });

    expect(told.keys).toEqual([
      "umbel:{shop:celery-task-meta-a}",
      "shop:celery-task-meta-a",
      "umbel:shop:active",
      "umbel:shop:events",
      "umbel:shop:told",
      "umbel:shop:workers",
      "umbel:shop:worker:w@shop",
      "umbel:shop:totals:w@shop",
      "umbel:shop:directives",
    ]);
    expect(told.args.filter((arg) => arg.includes("celeryev"))).toEqual(
      ["worker.online", "worker.heartbeat", "task.received", "task.started"].map((key) => `shop:/0.celeryev/${key}`),
    );
  });

  it("is published in a cluster, and nothing else: there are no keys in other slots", async () => {
    const { told } = await claimed({ cluster: true });

    expect(told.keys).toEqual(["umbel:{celery-task-meta-a}", "celery-task-meta-a"]);
    expect(told.args).toContain("/0.celeryev/task.started");
    expect(told.args).not.toContain("about");
  });

  it("says in a cluster that a worker is still there, for nobody knows whether it was", async () => {
    const online = letterOf("worker-online");
    const { told } = await claimed({ cluster: true }, { sighting: { ...sighting, online } });
    const { told: first } = await claimed(
      { cluster: true },
      { sighting: { worker: "w@shop", text: "{}", life: 60, online } },
    );

    expect(told.args.slice(17, 21)).toEqual([...wordsOf(online), ...wordsOf(letterOf("worker-heartbeat"))]);
    expect(first.args.slice(17, 21)).toEqual([...wordsOf(online), ...wordsOf(online)]);
  });

  it.each<{ readonly name: string; readonly notes: Partial<ClaimNotes>; readonly without: string }>([
    { name: "an event", notes: { received: [{ channel: "c", text: long }] }, without: "task.none" },
    { name: "what is shown of the task", notes: { about: long }, without: "about" },
    { name: "what a worker says of itself", notes: { sighting: { ...sighting, text: long } }, without: "said" },
  ])("is left out where $name is too large for a request, and the rest is told", async ({ notes, without }) => {
    const { told } = await claimed({}, notes);

    expect(told.args).not.toContain(long);
    expect(told.args).not.toContain(without);
    expect(told.args).toContain("/0.celeryev/task.started");
  });

  it("is left out where the result leaves no room for it, and the result is stored", async () => {
    const { backend, called } = await open();
    const result = {
      status: "SUCCESS",
      result: "x".repeat(899_000),
      traceback: null,
      children: [],
      date_done: null,
    } as const;
    const events = [letterOf("task-succeeded"), { ...letterOf("task-sent"), text: "x".repeat(2000) }];

    await backend.finish({
      id: "a",
      fence,
      state: "SUCCESS",
      result: { ...result, task_id: "a" },
      effects: [],
      retention: 60,
      events,
    });

    const [told] = called();
    expect(told?.args.filter((arg) => arg.includes("celeryev"))).toEqual(["/0.celeryev/task.succeeded"]);
    expect(told?.args.some((arg) => arg.length > 899_000)).toBe(true);
  });

  it("keeps as many events as the option says", async () => {
    const { told } = await claimed({ eventsKept: 5 });

    expect(told.args[13]).toBe("5");
  });

  it.each([-1, 0.5, Number.NaN])("cannot be kept %d times", (eventsKept) => {
    expect(() => upstash({ eventsKept })).toThrow(`eventsKept is ${eventsKept}`);
  });
});

const sighting: Sighting = {
  worker: "w@shop",
  text: "said",
  life: 60,
  online: letterOf("worker-online"),
  heartbeat: letterOf("worker-heartbeat"),
};

function letterOf(type: string): EventLetter {
  return { channel: `/0.celeryev/${type.replace("-", ".")}`, text: `{"type":"${type}"}` };
}

function wordsOf({ channel, text }: EventLetter): Words {
  return [channel, text];
}

/** What a claim with notes sends. */
async function claimed(options: UpstashOptions, about: Partial<ClaimNotes> = {}) {
  const { backend, called } = await open(options);
  const letters = { received: [letterOf("task-received")], started: [letterOf("task-started")] };
  const task = { worker: "w@shop", queue: "default", task: "shop.add", about: "about", directives: "" };
  const notes = { ...task, ...letters, sighting, ...about };
  await backend.claim({ id: "a", ...fence, token: "t", ...lease, notes });
  const [told = { keys: [], args: [] }] = called();
  return { told };
}

async function open(options: UpstashOptions = {}) {
  const { url, requests } = await startRecorder({
    reply: (command) => (command.includes("SUCCESS") ? [1, "[]"] : ["run", 0, ""]),
  });
  const backend: Backend = withAttempts(upstash({ url, token: "token", ...options })(() => undefined));
  return { backend, called: () => requests.flat().map(callIn) };
}

function callIn([, , count, ...words]: Words) {
  return { keys: words.slice(0, Number(count)), args: words.slice(Number(count)) };
}
