import type { Backend, ResultMeta } from "@umbel/protocol";
import { scripts, upstash, withAttempts } from "@umbel/upstash-redis";
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type Reply, startRecorder, type Words } from "./recorder.ts";

const fence = { retries: 0, generation: 0, epoch: 0 };
const lease = { lease: 60, retention: 3600 };
const letter = { channel: "/0.celeryev/task.sent", text: "{}" };
const sighting = { worker: "w@shop", text: "{}", life: 60, online: letter, heartbeat: letter };
const notes = {
  worker: "w@shop",
  queue: "default",
  task: "shop.add",
  about: "{}",
  directives: "",
  received: [letter],
  started: [letter],
  sighting,
};
const part = { id: "a", index: 0, state: "SUCCESS", result: 1 } as const;

describe("a call", () => {
  it.each<{ name: string; call: (backend: Backend) => Promise<unknown>; commands: number }>([
    { name: "claim", call: (backend) => backend.claim({ id: "a", ...fence, token: "t", ...lease }), commands: 1 },
    { name: "renew", call: (backend) => backend.renew({ id: "a", fence, ...lease }), commands: 1 },
    { name: "progress", call: (backend) => backend.progress({ id: "a", fence, result: resultOf("a") }), commands: 1 },
    {
      name: "finish",
      call: (backend) => backend.finish({ id: "a", fence, state: "SUCCESS", effects: [], retention: 60 }),
      commands: 1,
    },
    {
      name: "claim that tells",
      call: (backend) => backend.claim({ id: "a", ...fence, token: "t", ...lease, notes }),
      commands: 1,
    },
    { name: "renew that tells", call: (backend) => backend.renew({ id: "a", fence, ...lease, sighting }), commands: 1 },
    {
      name: "finish that tells",
      call: (backend) =>
        backend.finish({ id: "a", fence, state: "SUCCESS", effects: [], retention: 60, events: [letter, letter] }),
      commands: 1,
    },
    { name: "emit of three", call: async (backend) => await backend.emit?.([letter, letter, letter]), commands: 1 },
    { name: "join", call: (backend) => backend.join({ group: "g", size: 2, part, retention: 60 }), commands: 1 },
    {
      name: "settle of three",
      call: (backend) => backend.settle(["a", "b", "c"].map((id) => ({ id, state: "FAILURE", retention: 60 }))),
      commands: 3,
    },
    {
      name: "revoke of two",
      call: (backend) => backend.revoke({ ids: ["a", "b"], terminate: false, retention: 60 }),
      commands: 2,
    },
    { name: "read of three", call: (backend) => backend.read(["a", "b", "c"]), commands: 3 },
    { name: "forget of two", call: (backend) => backend.forget(["a", "b"]), commands: 2 },
    { name: "saveGroup", call: (backend) => backend.saveGroup({ id: "g", tuple: [["g", null], []] }, 60), commands: 1 },
    { name: "group", call: (backend) => backend.group("g"), commands: 1 },
    { name: "load", call: (backend) => backend.load("a"), commands: 1 },
    { name: "save", call: (backend) => backend.save("a", "text", 60), commands: 1 },
    {
      name: "claim with two texts",
      call: (backend) => backend.claim({ id: "a", ...fence, token: "t", ...lease, load: ["x", "y"] }),
      commands: 3,
    },
    { name: "loadAll of two", call: (backend) => backend.loadAll(["a", "b"]), commands: 2 },
    {
      name: "saveAll of two",
      call: (backend) =>
        backend.saveAll(
          ["a", "b"].map((each) => ({ name: each, text: each })),
          60,
        ),
      commands: 2,
    },
  ])("$name is one request of $commands", async ({ call, commands }) => {
    const { url, requests } = await startRecorder({ reply: plausible });

    await call(open(url));

    expect(requests.map((request) => request.length)).toEqual([commands]);
  });

  it("of nothing is no request", async () => {
    const { url, requests } = await startRecorder();
    const backend = open(url);

    await backend.settle([]);
    await backend.read([]);
    await backend.forget([]);
    await backend.revoke({ ids: [], terminate: true, retention: 60 });
    await backend.emit?.([]);

    expect(requests).toEqual([]);
  });

  it("sends a script by its hash, and the script itself only to a store that does not know it", async () => {
    const known = new Set<string>();
    const { url, requests } = await startRecorder({
      reply(command) {
        const [name = "", script = ""] = command;
        if (name.toUpperCase() === "EVAL") known.add(script);
        return known.size > 0 ? plausible(command) : new Error("NOSCRIPT No matching script. Please use EVAL.");
      },
    });
    const backend = open(url);

    await backend.claim({ id: "a", ...fence, token: "t", ...lease });
    await backend.claim({ id: "a", ...fence, token: "t", ...lease });

    expect(requests.flat().map(([name]) => name?.toUpperCase())).toEqual(["EVALSHA", "EVAL", "EVALSHA"]);
    expect([...known]).toEqual([scripts.find(({ name }) => name === "claim")?.lua]);
  });
});

describe("calls at the same time", () => {
  it("share four requests, and wait; a renewal does not: leases would end while it stood in line", async () => {
    const { url, requests } = await startRecorder({ whole: () => undefined });
    const backend = withAttempts(upstash({ url, token: "token", mergeCalls: true })(() => undefined));
    for (let nth = 1; nth <= 6; nth += 1) {
      void errorOf(backend.claim({ id: `${nth}`, ...fence, token: "t", ...lease }));
      await expect.poll(() => requests.length).toBe(Math.min(nth, 4));
    }

    void errorOf(backend.renew({ id: "a", fence, ...lease }));
    await expect.poll(() => requests.length).toBe(5);

    expect(keysIn(requests[4]?.[0])[0]).toBe("umbel:{celery-task-meta-a}");
  });
});

describe("keys", () => {
  it("are Celery's for what Celery reads, and in the same slot for what is ours", async () => {
    expect(await keysOf({})).toEqual({
      claim: ["umbel:{celery-task-meta-a}", "celery-task-meta-a", "umbel:active"],
      join: ["umbel:{celery-taskset-meta-g}"],
      group: ["celery-taskset-meta-g"],
      load: ["umbel:beat"],
    });
  });

  it("all have the prefix that is asked for", async () => {
    expect(await keysOf({ prefix: "shop:" })).toEqual({
      claim: ["umbel:{shop:celery-task-meta-a}", "shop:celery-task-meta-a", "umbel:shop:active"],
      join: ["umbel:{shop:celery-taskset-meta-g}"],
      group: ["shop:celery-taskset-meta-g"],
      load: ["umbel:shop:beat"],
    });
  });
});

describe("an error", () => {
  it.each([
    {
      error: "WRONGPASS invalid or missing auth token",
      code: "BACKEND_UNAVAILABLE",
      says: "the token is wrong: WRONGPASS invalid or missing auth token (UPSTASH_REDIS_REST_TOKEN)",
    },
    {
      error: "ERR CROSSSLOT Keys in request don't hash to the same slot",
      code: "BACKEND_UNAVAILABLE",
      says: "upstash({ cluster: true })",
    },
    { error: "ERR DB capacity quota exceeded", code: "BACKEND_UNAVAILABLE", says: "quota" },
    { error: "ERR max request size exceeded", code: "MESSAGE_TOO_LARGE", says: "max request size" },
  ])("of the whole request is told: $error", async ({ error, code, says }) => {
    const { url } = await startRecorder({
      whole: (response) => void response.writeHead(400).end(JSON.stringify({ error })),
    });

    const thrown = await errorOf(open(url).save("a", "a value of the user's", 60));

    expect(thrown).toMatchObject({ code, message: expect.stringContaining(says), cause: expect.any(Error) });
    expect(inspect(thrown)).not.toContain("secret-token");
    expect(inspect(thrown)).not.toContain("a value of the user's");
  });

  it("of one command among several is told", async () => {
    const { url } = await startRecorder({
      reply: ([, key]) => (key?.endsWith("b") ? new Error("WRONGTYPE Operation against a key") : null),
    });

    expect(await errorOf(open(url).read(["a", "b"]))).toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      message: expect.stringContaining("WRONGTYPE"),
    });
  });

  it.each<[string, Reply]>([
    ["nothing", null],
    ["a text", "run"],
    ["an unknown word", ["walk", 0, ""]],
    ["an unknown state", ["done", "ASLEEP", "[]"]],
    ["an unknown reason", ["revoked", 0, "bored"]],
  ])("is what a script that answers %s gets", async (_, reply) => {
    const { url } = await startRecorder({ reply: () => reply });

    expect(await errorOf(open(url).claim({ id: "a", ...fence, token: "t", ...lease }))).toMatchObject({
      code: "BACKEND_UNAVAILABLE",
    });
  });

  it.each<{ readonly call: (backend: Backend) => Promise<unknown>; readonly which: string }>([
    { call: (backend) => backend.load("a"), which: "umbel:a" },
    { call: (backend) => backend.read(["a"]), which: "celery-task-meta-a" },
    {
      call: (backend) => backend.join({ group: "g", size: 2, part, retention: 60 }),
      which: "umbel:{celery-taskset-meta-g}",
    },
    {
      call: (backend) => backend.claim({ id: "a", ...fence, token: "t", ...lease, notes }),
      which: "one of umbel:{celery-task-meta-a}, celery-task-meta-a",
    },
  ])("names $which where it holds something else, and how that is mended", async ({ call, which }) => {
    const wrong = "WRONGTYPE Operation against a key holding the wrong kind of value";
    const { url } = await startRecorder({ reply: () => new Error(wrong) });

    const mend = "delete it, or keep Umbel's keys apart by upstash({ prefix })";
    expect(await errorOf(call(open(url)))).toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      transient: true,
      message: `upstash-redis: WRONGTYPE: ${which} holds something that is not Umbel's; ${mend}`,
    });
  });

  it.each(["not JSON at all", ""])("is what an answer of %j gets", async (body) => {
    const { url } = await startRecorder({ whole: (response) => void response.end(body) });

    expect(await errorOf(open(url).load("a"))).toMatchObject({ code: "BACKEND_UNAVAILABLE", transient: true });
  });

  it("comes in time when the store does not answer", async () => {
    const { url } = await startRecorder({ whole: () => undefined });

    const thrown = await errorOf(
      withAttempts(upstash({ url, token: "secret-token", timeout: 0.05 })(() => undefined)).load("a"),
    );

    expect(thrown).toMatchObject({ code: "BACKEND_UNAVAILABLE", transient: true });
  });

  it.each([Number.NaN, 0, -1])("comes at once when a request may take %d seconds", (timeout) => {
    expect(() => upstash({ timeout })(() => undefined)).toThrow(`timeout is ${timeout}`);
  });

  it("comes in time when there is no store", async () => {
    const backend = withAttempts(
      upstash({ url: "http://127.0.0.1:9", token: "secret-token", timeout: 0.05 })(() => undefined),
    );

    expect(await errorOf(backend.load("a"))).toMatchObject({ code: "BACKEND_UNAVAILABLE", transient: true });
  });

  it("says where no store answered, what starts one, and which variable names another", async () => {
    const thrown = await errorOf(open("http://127.0.0.1:9").load("a"));

    expect(String(thrown)).toMatch(
      /: upstash-redis: no answer from http:\/\/127\.0\.0\.1:9 \(.+\): does the gateway run\? npx umbel gateway starts it, npm run gateway in Umbel's own tree; UPSTASH_REDIS_REST_URL says/,
    );
  });
});

function open(url: string): Backend {
  return withAttempts(upstash({ url, token: "secret-token" })(() => undefined));
}

function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function resultOf(id: string): ResultMeta {
  return { status: "SUCCESS", result: 5, traceback: null, children: [], date_done: null, task_id: id };
}

const answers: Readonly<Record<string, Reply>> = {
  claim: ["run", 0, ""],
  renew: [1, ""],
  progress: 1,
  finish: [1, "[]"],
  settle: 1,
  join: [1],
  revoke: 1,
  keepText: 1,
  emit: 1,
};

/** What a store that knows every script would say. */
function plausible([name = "", text = ""]: Words): Reply {
  if (!name.toUpperCase().startsWith("EVAL")) return null;
  const script = scripts.find(({ lua }) => [lua, createHash("sha1").update(lua).digest("hex")].includes(text));
  return answers[script?.name ?? ""] ?? new Error("NOSCRIPT No matching script. Please use EVAL.");
}

function keysIn(command: Words = []): Words {
  return command.slice(3, 3 + Number(command[2]));
}

/** The keys that calls use. */
async function keysOf(options: { readonly prefix?: string }): Promise<Readonly<Record<string, readonly string[]>>> {
  const { url, requests } = await startRecorder({ reply: plausible });
  const backend = withAttempts(upstash({ url, token: "token", ...options })(() => undefined));
  await backend.claim({ id: "a", ...fence, token: "t", ...lease });
  await backend.join({ group: "g", size: 2, part, retention: 60 });
  await backend.group("g");
  await backend.load("beat");

  const [claim, join, group, load] = requests.flat();
  return { claim: keysIn(claim), join: keysIn(join), group: group?.slice(1) ?? [], load: load?.slice(1) ?? [] };
}
