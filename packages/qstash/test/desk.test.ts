/** The desk before a log that keeps each step of a message, as QStash's does; test/flow has it before a gateway. */

import type { AcceptedMessage, MessageQuery } from "@umbel/protocol";
import { qstash, qstashDesk } from "@umbel/qstash";
import { expect, it } from "vitest";
import { type KeptEntry, keptLog } from "./kept-log.ts";
import { startRecorder } from "./recorder.ts";

const soon = 5_000_000;

it("judges a message by the newest entry of its log, and leaves out what has ended", async () => {
  const { all, requests } = await open([
    ...log("delivered", ["CREATED", "ACTIVE", "DELIVERED"]),
    ...log("given-up", ["CREATED", "ACTIVE", "ERROR", "FAILED"]),
    ...log("cancelled", ["CREATED", "CANCEL_REQUESTED", "CANCELLED"]),
    ...log("retried", ["CREATED", "ACTIVE", "ERROR", "RETRY", "ACTIVE", "ERROR", "RETRY"]),
    ...log("open", ["CREATED", "ACTIVE"]),
    ...log("later", ["CREATED"], { nextDeliveryTime: soon }),
  ]);

  const messages = await all({});

  const shown = { queue: "default", target: "https://worker.test", body: "{}" };
  expect(messages).toEqual([
    { ...shown, messageId: "later", createdAt: 100, notBefore: soon, isOpen: false, retried: 0 },
    { ...shown, messageId: "open", createdAt: 100, isOpen: true, retried: 0 },
    { ...shown, messageId: "retried", createdAt: 100, isOpen: false, retried: 2 },
  ]);
  expect(requests).toHaveLength(2);
});

it("tells each message once, however its entries are spread over pages", async () => {
  const steps = ["CREATED", "ACTIVE", "ERROR", "RETRY", "ACTIVE"];
  const spread = steps.flatMap((state, step) =>
    ["a", "b", "c"].map((messageId, at) => entry({ messageId, state, time: 10 * step + at })),
  );

  for (const limit of [1, 2, 3, 4, 7, 15, 100]) {
    const { all } = await open([...spread, entry({ messageId: "b", state: "DELIVERED", time: 99 })]);

    const messages = await all({ limit });

    expect(messages.map(({ messageId, createdAt }) => `${messageId} of ${createdAt}`).toSorted()).toEqual([
      "a of 0",
      "c of 2",
    ]);
  }
});

it("tells a message whose first entries the log has no longer", async () => {
  const { all } = await open([
    entry({ messageId: "old", state: "RETRY", time: 1, nextDeliveryTime: soon }),
    entry({ messageId: "old", state: "ACTIVE", time: 2 }),
    entry({ messageId: "old", state: "RETRY", time: 3, nextDeliveryTime: soon }),
  ]);

  expect(await all({ limit: 1 })).toMatchObject([{ messageId: "old", createdAt: 1, notBefore: soon, retried: 2 }]);
});

it("asks for the rest of long histories, whose entries do not fit in one answer", async () => {
  const ids = Array.from({ length: 9 }, (_, at) => `message-${at}`);
  const steps = ["CREATED", ...Array.from({ length: 10 }, () => ["ACTIVE", "ERROR", "RETRY"]).flat()];
  const { all } = await open(
    ids.flatMap((id) => log(id, steps)),
    {},
    40,
  );

  const messages = await all({});

  expect(messages.map(({ messageId, retried }) => [messageId, retried])).toEqual(
    ids.toReversed().map((id) => [id, 10]),
  );
});

it("reads a message singly when the log does not say when it is due, or what its body is", async () => {
  const url = "https://worker.test/q/default";
  const { all } = await open(
    [
      ...log("unsaid", ["CREATED"]),
      ...log("delivered", ["CREATED"]),
      entry({ messageId: "bodiless", state: "ACTIVE", time: 1000, body: "" }),
      entry({ messageId: "delayed", state: "CREATED", time: 1001 }),
    ],
    {
      unsaid: { messageId: "unsaid", url, body: "{}", createdAt: 100, notBefore: 100 },
      bodiless: { messageId: "bodiless", url, body: "{}", createdAt: 1000 },
      delayed: { messageId: "delayed", url, body: "{}", createdAt: 1001, notBefore: soon },
    },
  );

  const messages = await all({});

  expect(messages.map(({ messageId, notBefore }) => [messageId, notBefore])).toEqual([
    ["delayed", soon],
    ["bodiless", undefined],
    ["unsaid", undefined],
  ]);
});

it("asks for queues by their paths, with the path of the worker that it knows, and judges hosts by none", async () => {
  const { all, requests } = await open([
    ...log("here", ["CREATED", "ACTIVE"], { url: "https://worker.test/q/mail" }),
    ...log("moved", ["CREATED", "ACTIVE"], { url: "https://elsewhere.test/q/mail" }),
    ...log("other", ["CREATED", "ACTIVE"], { url: "https://worker.test/q/other" }),
    ...log("theirs", ["CREATED", "ACTIVE"], { url: "https://worker.test/mail" }),
  ]);

  expect((await all({ queues: ["mail"] })).map(({ messageId }) => messageId)).toEqual(["moved", "here"]);
  const [first] = requests;
  expect(new URL(first?.url ?? "", "http://log.test").searchParams.getAll("path")).toEqual(["/q/mail"]);
});

it("refuses an answer that is no log, and neither shows the token nor asks for more than there may be in an answer", async () => {
  const { url, requests } = await startRecorder(() => ({ body: { events: [{ id: 1 }] } }));
  const broker = qstash({ url, token: "a-secret-token" })(() => undefined);
  const desk = qstashDesk(broker);

  await expect(desk.accepted({ limit: 5000 })).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  expect(new URL(requests[0]?.url ?? "", url).searchParams.get("count")).toBe("1000");
  expect(JSON.stringify(desk)).not.toContain("secret");
});

async function open(entries: readonly KeptEntry[], messages: Readonly<Record<string, object>> = {}, most?: number) {
  const { url, requests } = await startRecorder(keptLog(entries, messages, most));
  const broker = qstash({ url, token: "a-token", workerUrl: "https://worker.test" })(() => undefined);
  const desk = qstashDesk(broker);
  return { requests, all };

  async function all(query: Partial<MessageQuery>): Promise<readonly AcceptedMessage[]> {
    const told: AcceptedMessage[] = [];
    let cursor: string | undefined;
    do {
      const page = await desk.accepted({ limit: 100, ...query, ...(cursor !== undefined && { cursor }) });
      told.push(...page.messages);
      ({ cursor } = page);
    } while (cursor !== undefined);
    return told;
  }
}

/** The log of one message. */
function log(messageId: string, states: readonly string[], about: Partial<KeptEntry> = {}): readonly KeptEntry[] {
  return states.map((state, step) => entry({ messageId, state, time: 100 + step, ...about }));
}

function entry({ body = Buffer.from("{}").toString("base64"), ...about }: Partial<KeptEntry>): KeptEntry {
  const place = { url: "https://worker.test/q/default", label: "task" };
  return { messageId: "", state: "", time: 0, ...place, ...(body !== "" && { body }), ...about };
}
