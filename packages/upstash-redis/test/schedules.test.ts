import { BackendUnavailable, MessageTooLargeError, type ScheduleStore } from "@umbel/protocol";
import { upstash, type UpstashOptions, upstashSchedules } from "@umbel/upstash-redis";
import { describe, expect, it } from "vitest";
import { type Reply, startRecorder, type Words } from "./recorder.ts";

const entry = { version: "1", text: "{}", next: 5 };
const adding = { app: "shop", changes: [{ name: "a", entry }] };

describe("a call of the schedule store", () => {
  it.each<{ readonly name: string; readonly call: (store: ScheduleStore) => Promise<unknown> }>([
    { name: "due", call: (store) => store.due({ app: "shop", within: 60, limit: 100 }) },
    { name: "entries by name", call: (store) => store.entries({ app: "shop", names: ["a", "b", "c"] }) },
    { name: "a page of entries", call: (store) => store.entries({ app: "shop", after: "a", limit: 100 }) },
    {
      name: "change of three with a plan",
      call: (store) => {
        const changes = [{ name: "a", entry }, { name: "b", expected: "0", entry }, { name: "c" }];
        return store.change({ app: "shop", changes, plan: "p" });
      },
    },
  ])("$name is one request of one command", async ({ call }) => {
    const { url, requests } = await startRecorder({ reply: plausible });

    await call(open({ url }));

    expect(requests.map((request) => request.map(([name]) => name))).toEqual([["evalsha"]]);
  });

  it.each([
    ["", "umbel:{beat:shop}"],
    ["eu:", "umbel:{eu:beat:shop}"],
    ["{eu}:", "umbel:{eu}:beat:shop"],
  ])("has all its keys in one slot, with the prefix %j", async (prefix, base) => {
    const { url, requests } = await startRecorder({ reply: plausible });

    await open({ url, prefix }).due({ app: "shop", within: 0, limit: 1 });

    const [, , count, ...words] = requests[0]?.[0] ?? [];
    expect(words.slice(0, Number(count))).toEqual(
      ["versions", "texts", "due", "names", "plan"].map((part) => `${base}:${part}`),
    );
  });

  it("ends in time when the store does not answer", async () => {
    const { url } = await startRecorder({ whole: () => undefined });

    await expect(open({ url, timeout: 0.05 }).change(adding)).rejects.toThrow(BackendUnavailable);
  });

  it("tells of what is too large for the store", async () => {
    const error = JSON.stringify({ error: "ERR max request size exceeded" });
    const { url } = await startRecorder({ whole: (response) => void response.writeHead(400).end(error) });

    await expect(open({ url }).change(adding)).rejects.toThrow(MessageTooLargeError);
  });

  it.each<Reply>([null, "text", 5])("that is answered with %j is told as an error", async (reply) => {
    const { url } = await startRecorder({ reply: () => reply });

    await expect(open({ url }).due({ app: "shop", within: 0, limit: 1 })).rejects.toThrow(BackendUnavailable);
  });
});

describe("the schedule store beside a backend", () => {
  it("is nothing beside another adapter's", () => {
    const backend = upstash({ url: "http://127.0.0.1:9", token: "token" })(() => undefined);

    expect(upstashSchedules({ ...backend, name: "memory" })).toBeUndefined();
    expect(upstashSchedules(backend)).toMatchObject({ name: "upstash-redis", maxRequestSize: 900_000 });
  });
});

function open(options: UpstashOptions): ScheduleStore {
  return upstashSchedules(upstash({ token: "token", ...options })(() => undefined));
}

/** Answers a script as far as its keys and arguments tell which it is. */
function plausible([, , count = "0", ...words]: Words): Reply {
  const [first] = words.slice(Number(count));
  return /^-?\d+$/.test(first ?? "") ? [1, null, []] : [1, []];
}
