/** What a message may make a worker call: its own service and those that a setting names, never an address of its choice. */

import type { ServedGateway } from "@umbel/gateway";
import { memoryBackend } from "@umbel/memory";
import type { CallerBackend } from "@umbel/protocol";
import { chain, chord, signature, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { worker } from "umbel/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import type { Served } from "../listen.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";
import { world } from "../flow/world.ts";

/** The address that clouds keep their machines' credentials at. */
const metadata = "http://169.254.169.254/latest";

/** A signature of `tasks.note` that somebody has given a target. */
function noteTo(target: string, queue = "abroad") {
  return { task: "tasks.note", args: ["x"], immutable: true, options: { queue, target } };
}

/** The push of a call of `tasks.add` whose message carries more than its sender wrote. */
function bodyWith(embed: Readonly<Record<string, unknown>>): string {
  const headers = { id: "victim", task: "tasks.add", root_id: "victim" };
  return JSON.stringify({ v: 1, headers, properties: {}, body: [[1, 2], {}, embed] });
}

describe("a target in a message", () => {
  it.each([
    { where: "a callback", embed: { callbacks: [noteTo(metadata)] } },
    {
      where: "the next step of a chain",
      embed: { chain: [{ ...noteTo(metadata), options: { ...noteTo(metadata).options, task_id: "next" } }] },
    },
    {
      where: "a callback of a callback",
      embed: { callbacks: [{ task: "tasks.add", args: [1], options: { link: noteTo(metadata) } }] },
    },
    {
      where: "a group",
      embed: {
        callbacks: [
          { task: "celery.group", subtask_type: "group", kwargs: { tasks: [noteTo(metadata), noteTo(metadata)] } },
        ],
      },
    },
  ])("of $where is not called; its node ends FAILURE, and says so", async ({ embed }) => {
    const home = world();
    home.app.task("tasks.add", (x: number, y: number) => x + y);
    home.app.task("tasks.note", (text: string) => text);
    await home.app.sendTask("tasks.add", { args: [1, 2], taskId: "victim" });
    Object.assign(home.broker.waiting[0] ?? {}, { body: bodyWith(embed) });

    await home.finish();

    expect(home.pushes.every(({ url }) => url.startsWith("http://127.0.0.1:8787/"))).toBe(true);
    expect(await home.app.result("victim").get()).toBe(3);
    expect(await failuresUnder(home.backend, "victim")).toContainEqual(
      expect.objectContaining({ exc_type: "QueueNotFound", exc_message: [expect.stringContaining(metadata)] }),
    );
  });

  it("of an errback is not called either, and the task's own failure stands", async () => {
    const home = world();
    home.app.task("tasks.add", (_x: number, _y: number) => {
      throw new RangeError("too far");
    });
    await home.app.sendTask("tasks.add", { args: [1, 2], taskId: "victim" });
    Object.assign(home.broker.waiting[0] ?? {}, { body: bodyWith({ errbacks: [noteTo(metadata)] }) });

    await home.finish();

    expect(home.pushes).toHaveLength(1);
    await expect(home.app.result("victim").get()).rejects.toThrow("too far");
    expect(home.broker.waiting).toEqual([]);
  });

  it("of a chord's body fails the body, and the members stand", async () => {
    const home = world();
    const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
    const sum = home.app.task("tasks.sum", (numbers: number[]) => numbers.length);
    const { wire } = chord([add.s(1, 1), add.s(2, 2)], sum.s());
    const body = { ...sum.s().wire, options: { queue: "abroad", target: metadata } };
    const aimed = signature<number>(home.app, { ...wire, kwargs: { ...wire.kwargs, body } });

    const result = await aimed.delay();
    await home.finish();

    expect(home.pushes).toHaveLength(2);
    await expect(result.get()).rejects.toMatchObject({
      code: "QUEUE_NOT_FOUND",
      message: expect.stringContaining(metadata),
    });
  });

  it("of a call that a program sends is an error at once", async () => {
    const home = world();

    const sending = signature(home.app, { ...noteTo(metadata), kwargs: {}, subtask_type: null }).delay();

    await expect(sending).rejects.toMatchObject({ code: "QUEUE_NOT_FOUND" });
    expect(home.broker.waiting).toEqual([]);
  });
});

describe("before the gateway, with QStash's client", () => {
  let gateway: ServedGateway;
  let metadataService: Served;
  const asked: string[] = [];
  beforeAll(async () => {
    gateway = await openGateway();
    metadataService = await serve(async ({ url }) => {
      asked.push(url);
      return await Promise.resolve(new Response("the machine's credentials"));
    });
  });
  afterAll(async () => {
    await gateway.close();
    await metadataService.stop();
  });

  it.each([
    { what: "is refused where no setting has it", targets: [], calls: 0 },
    { what: "is called where UMBEL_TARGETS has it", targets: ["own"], calls: 1 },
  ])("a target in a callback $what", async ({ targets, calls }) => {
    asked.length = 0;
    const env: Record<string, string> = { ...gateway.variables };
    const app = new Umbel("tasks", { broker: qstash({ retries: 0 }), backend: memoryBackend(), env, log: () => {} });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    const home = await serve(async (request) => await worker(app).fetch(request));
    env["UMBEL_WORKER_URL"] = home.url;
    env["UMBEL_TARGETS"] = JSON.stringify(targets.map(() => metadataService.url));

    const callback = signature(app, { ...noteTo(metadataService.url), kwargs: {}, subtask_type: null });
    const { wire } = chain(add.s(1, 2));
    const result = await signature<number>(app, { ...wire, options: { link: [callback.wire] } }).delay();

    expect(await result.get({ timeout: 60 })).toBe(3);
    await until(
      async () => asked.length === calls && (calls > 0 || (await failuresUnder(app.backend, result.id)).length > 0),
    );
    expect(asked).toHaveLength(calls);
    await home.stop();
  });
});

/** The failures that are stored for what a call has sent, at any depth. */
async function failuresUnder(backend: CallerBackend, id: string): Promise<readonly unknown[]> {
  const [meta] = await backend.read([id]);
  const below = await Promise.all((meta?.children ?? []).map(async ([[child]]) => await failuresUnder(backend, child)));
  return [...(meta?.status === "FAILURE" ? [meta.result] : []), ...below.flat()];
}
