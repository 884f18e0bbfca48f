import { BrokerRejected, decodePush, type Publication } from "@umbel/protocol";
import { qstash, withPushes, type QStashOptions } from "@umbel/qstash";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startRecorder } from "./recorder.ts";

const token = "a-secret-token";

// Files may share a process: a spy that stays counts what another file's tests say.
afterEach(() => void vi.restoreAllMocks());

describe("publish", () => {
  it("asks for everything that a message needs, and no more", async () => {
    const { url, requests, items } = await startRecorder();
    const broker = open({ url, timeout: 120 });

    const receipts = await broker.publish([publication("one", { notBefore: 1_700_000_000_001 })]);

    expect(receipts).toEqual([{ accepted: true, messageId: "msg_0", deduplicated: false }]);
    expect(requests).toMatchObject([
      { method: "POST", url: "/v2/batch", headers: { authorization: `Bearer ${token}` } },
    ]);
    const [item] = items();
    expect(await decodePush(item?.body ?? "")).toEqual(publication("one").message);
    expect(item).toEqual({
      destination: "https://worker.test/q/default",
      body: expect.any(String),
      headers: {
        "content-type": "application/json",
        "upstash-method": "POST",
        "upstash-retries": "30",
        "upstash-retry-delay": "min(3600000, 5000 * pow(2, retried))",
        "upstash-failure-callback": "https://worker.test/failed",
        "upstash-failure-callback-retries": "30",
        "upstash-failure-callback-retry-delay": "min(3600000, 5000 * pow(2, retried))",
        "upstash-deduplication-id": "one.0.0",
        "upstash-label": "one",
        "upstash-not-before": "1700000001",
        "upstash-timeout": "120s",
      },
    });
  });

  it.each([
    {
      flowControl: { key: "shop:shop.add", rate: 10, period: 60, parallelism: 2 },
      headers: ["shop:shop.add", "parallelism=2, rate=10, period=60s"],
    },
    { flowControl: { key: "shop", rate: 10 }, headers: ["shop", "rate=10"] },
    { flowControl: { key: "shop", parallelism: 1 }, headers: ["shop", "parallelism=1"] },
    {
      flowControl: { key: "tenant of æ", parallelism: 1 },
      headers: [expect.stringMatching(/^[0-9a-f]{64}$/), "parallelism=1"],
    },
  ])("asks for the limits of a key: $flowControl", async ({ flowControl, headers }) => {
    const { url, items } = await startRecorder();

    await open({ url }).publish([publication("one", { flowControl })]);

    const { "upstash-flow-control-key": key, "upstash-flow-control-value": value } = items()[0]?.headers ?? {};
    expect([key, value]).toEqual(headers);
  });

  it("repeats sooner on a developer's machine, whose worker is often started late", async () => {
    const { url, items } = await startRecorder();
    const worker = { UMBEL_WORKER_URL: "http://127.0.0.1:8787" };
    const connect = (env: Record<string, string>) => qstash({ url })((name) => ({ ...worker, ...env })[name]);

    await connect({}).publish([publication("here")]);
    await connect({ QSTASH_TOKEN: "own" }).publish([publication("there")]);

    expect(items().map(({ headers }) => headers?.["upstash-retry-delay"])).toEqual([
      "min(3600000, 5000 * pow(1.3, retried))",
      "min(3600000, 5000 * pow(2, retried))",
    ]);
  });

  it("sends a hundred messages in one call, and a large batch in several", async () => {
    const { url, requests } = await startRecorder();
    const broker = open({ url });
    const many = Array.from({ length: 100 }, (_, at) => publication(`task-${at}`));

    await broker.publish(many);
    expect(requests).toHaveLength(1);
    await broker.publish([...many, publication("one more")]);
    expect(requests).toHaveLength(3);
  });

  it.each(["x".repeat(900_000), "漢".repeat(300_000)])(
    "cuts a batch before it outgrows what a gateway takes",
    async (text) => {
      const { url, requests } = await startRecorder();
      const large = ["a", "b", "c", "d", "e"].map((id) => publication(id, {}, text));

      const receipts = await open({ url }).publish(large);

      expect(receipts).toHaveLength(5);
      expect(requests).toHaveLength(2);
    },
  );

  it.each(["with space", "comma,comma", "漢", "line\nbreak", "x".repeat(129)])(
    "hashes an id that cannot be a word in a header: %j",
    async (id) => {
      const { url, items } = await startRecorder();

      await open({ url }).publish([publication(id, { deduplicationId: id })]);

      const { "upstash-label": label, "upstash-deduplication-id": deduplicationId } = items()[0]?.headers ?? {};
      expect(label).toMatch(/^[0-9a-f]{64}$/);
      expect(deduplicationId).toBe(label);
    },
  );

  it("says of each message whether it was accepted", async () => {
    const rows = [{ messageId: "msg_1", deduplicated: true }, { error: "invalid destination" }];
    const { url } = await startRecorder(() => ({ body: rows }));

    const receipts = await open({ url }).publish([publication("a"), publication("b")]);

    expect(receipts).toEqual([
      { accepted: true, messageId: "msg_1", deduplicated: true },
      { accepted: false, reason: "invalid destination", transient: false },
    ]);
  });

  it.each([
    { error: "Exceeded daily rate limit. maxPerDay=1000", transient: true },
    { error: "internal server error", transient: true },
    { error: "The service is unavailable, try again later", transient: true },
    { error: "quota maxRetries exceeded. Limit: 3", transient: false },
    { error: 'Upstash-Timeout: "1d" is longer than this plan allows', transient: false },
    { error: 'destination: "http://daily.corporate.internal" is not allowed', transient: false },
    { error: "unable to resolve https://unavailable.example", transient: false },
  ])("says whether a refusal may pass: $error, $transient", async ({ error, transient }) => {
    const { url } = await startRecorder(() => ({ body: [{ error }] }));

    expect(await open({ url }).publish([publication("a")])).toEqual([{ accepted: false, reason: error, transient }]);
  });

  it.each([
    {
      status: 401,
      code: "BROKER_REJECTED",
      says: "the token is wrong: 401 the reason (QSTASH_TOKEN)",
      isOfCaller: true,
    },
    { status: 404, code: "BROKER_REJECTED", says: "the reason", isOfCaller: true },
    { status: 400, code: "BROKER_REJECTED", says: "the reason" },
    { status: 429, code: "BROKER_UNAVAILABLE", says: "429" },
    { status: 503, code: "BROKER_UNAVAILABLE", says: "the reason" },
  ])("tells by status $status that the call was $code", async ({ status, code, says, isOfCaller }) => {
    const said = vi.spyOn(console, "error").mockReturnValue();
    const { url } = await startRecorder(() => ({ status, body: { error: "the reason" } }));

    const error = await open({ url })
      .publish([publication("a")])
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code, message: expect.stringContaining(says), cause: expect.any(Error) });
    expect(error instanceof BrokerRejected && error.isOfCaller === true).toBe(isOfCaller === true);
    expect(String(error)).not.toContain(token);
    expect(said).not.toHaveBeenCalled();
  });

  it("gives up when there is no answer in time", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const { url } = await startRecorder(() => undefined);

    const publishing = open({ url, requestTimeout: 0.05 }).publish([publication("a")]);

    await expect(publishing).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", transient: true });
  });

  it.each([Infinity, 30 * 86_400])("waits for the answer when it may take %d seconds", async (requestTimeout) => {
    const { url } = await startRecorder(() => ({ body: [{ messageId: "m" }] }));

    const receipts = await open({ url, requestTimeout }).publish([publication("a")]);

    expect(receipts).toMatchObject([{ accepted: true }]);
  });

  it.each([Number.NaN, 0, -1])("is refused as a whole when a call may take %d seconds", (requestTimeout) => {
    expect(() => open({ requestTimeout })).toThrow(`requestTimeout is ${requestTimeout}`);
  });

  it("does not take an answer for what it is not", async () => {
    const { url } = await startRecorder(() => ({ body: [] }));

    await expect(open({ url }).publish([publication("a")])).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  });

  it("sends nothing when one message is too large", async () => {
    const { url, requests } = await startRecorder();
    const broker = open({ url, maxMessageSize: 500 });

    const publishing = broker.publish([publication("small"), publication("large", {}, "漢".repeat(200))]);

    await expect(publishing).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE", message: /shop.add\[large\].* 500$/ });
    expect(requests).toHaveLength(0);
  });
});

describe("the worker of a queue", () => {
  const queues = { mail: "https://mail.test/tasks/" };

  it.each([
    { queue: "mail", target: undefined, destination: "https://mail.test/tasks/q/mail" },
    { queue: "mail", target: "https://carried.test", destination: "https://carried.test/q/mail" },
    { queue: "mail", target: "https://unnamed.test", destination: "https://mail.test/tasks/q/mail" },
    { queue: "parcels", target: "https://carried.test", destination: "https://carried.test/q/parcels" },
    { queue: "parcels", target: "https://carried.test/", destination: "https://carried.test/q/parcels" },
    { queue: "parcels", target: "https://mail.test/tasks", destination: "https://mail.test/tasks/q/parcels" },
    { queue: "parcels", target: "https://worker.test", destination: "https://worker.test/q/parcels" },
    { queue: "parcels", target: undefined, destination: "https://worker.test/q/parcels" },
    { queue: "a b/c", target: undefined, destination: "https://worker.test/q/a%20b%2Fc" },
  ])("is $destination for $queue with target $target", async ({ queue, target, destination }) => {
    const { url, items } = await startRecorder();

    const broker = open({ url, queues, targets: ["https://carried.test/"] });
    await broker.publish([publication("a", { queue, ...(target && { target }) })]);

    expect(items()[0]?.destination).toBe(destination);
    expect(items()[0]?.headers["upstash-failure-callback"]).toBe(destination.replace(/\/q\/.*$/, "/failed"));
  });

  it("comes from the environment when the program does not say", async () => {
    const { url, items } = await startRecorder();
    const broker = qstash({ url, token })(variables({ UMBEL_QUEUES: JSON.stringify(queues) }));

    await broker.publish([publication("a", { queue: "mail" }), publication("b")]);

    expect(items().map(({ destination }) => destination)).toEqual([
      "https://mail.test/tasks/q/mail",
      "http://127.0.0.1:8787/q/default",
    ]);
  });

  it("is missing in production when the queue is neither mapped nor carried", async () => {
    const { url, requests } = await startRecorder();
    const broker = qstash({ url, token, queues })(variables({ NODE_ENV: "production" }));

    await expect(broker.publish([publication("a")])).rejects.toMatchObject({
      code: "QUEUE_NOT_FOUND",
      message: /"default".*UMBEL_QUEUES/,
    });
    expect(requests).toHaveLength(0);
  });

  it.each([
    "https://carried.test/q",
    "https://carried.test:444",
    "http://carried.test",
    "https://carried.test@evil.test",
    "https://carried.test.evil.test",
    "//carried.test",
    "file:///etc/passwd",
    "",
  ])("is not %j because a message says so", async (target) => {
    const { url, requests } = await startRecorder();
    const broker = open({ url, queues, targets: ["https://carried.test"] });

    await expect(broker.publish([publication("a", { queue: "parcels", target })])).rejects.toMatchObject({
      code: "QUEUE_NOT_FOUND",
      message: /"parcels".*UMBEL_TARGETS/,
    });
    expect(requests).toHaveLength(0);
  });

  it("may be another service's that UMBEL_TARGETS names", async () => {
    const { url, items } = await startRecorder();
    const broker = qstash({ url, token })(variables({ UMBEL_TARGETS: '["https://carried.test"]' }));

    await broker.publish([publication("a", { queue: "parcels", target: "https://carried.test" })]);

    expect(items()[0]?.destination).toBe("https://carried.test/q/parcels");
  });

  it.each(["no JSON", "{}", "null", '"https://carried.test"', "[5]", '["carried.test"]'])(
    "is refused when UMBEL_TARGETS is %s",
    (text) => {
      const connect = () => qstash()(variables({ UMBEL_TARGETS: text }));

      expect(connect).toThrow(expect.objectContaining({ code: "IMPROPERLY_CONFIGURED" }));
      expect(connect).toThrow(/UMBEL_TARGETS/);
    },
  );

  it.each(["no JSON", "[]", "null", '"text"', '{"mail":"no url"}', '{"mail":5}', '{"mail":"ftp://mail.test"}'])(
    "is refused when UMBEL_QUEUES is %s",
    (text) => {
      const connect = () => qstash()(variables({ UMBEL_QUEUES: text }));

      expect(connect).toThrow(expect.objectContaining({ code: "IMPROPERLY_CONFIGURED" }));
      expect(connect).toThrow(/UMBEL_QUEUES/);
    },
  );
});

/** A message as QStash shows it. */
const shown = (messageId: string, notBefore: number) => {
  return { messageId, url: "https://worker.test/q/a%20b", body: `body of ${messageId}`, createdAt: 1, notBefore };
};

describe("held", () => {
  it("reads the messages that the logs of the labels name, page by page, and shows those that are not due yet", async () => {
    const later = Date.now() + 60_000;
    const pages: Record<string, unknown> = {
      "": { cursor: "next", events: [{ messageId: "msg_1" }, { messageId: "msg_2" }] },
      next: { events: ["msg_1", "msg_3", "msg_4", "msg_5"].map((messageId) => ({ messageId })) },
    };
    const known: Record<string, unknown> = { msg_1: shown("msg_1", later), msg_2: shown("msg_2", 5) };
    const foreign = { ...shown("msg_4", later), url: "https://webhook.test/" };
    const { url, requests } = await startRecorder(({ url: asked }) => {
      const { pathname, searchParams } = new URL(asked, "http://recorder.test");
      if (pathname === "/v2/events") return { body: pages[searchParams.get("cursor") ?? ""] };
      const found = { ...known, msg_4: foreign, msg_5: { ...foreign, url: "https://webhook.test/q/%E0" } }[
        pathname.replace("/v2/messages/", "")
      ];
      return found === undefined ? { status: 404, body: { error: "not found" } } : { body: found };
    });

    const held = await withPushes(open({ url })).held?.(["task-1", "task 2"]);

    expect(held).toEqual([{ messageId: "msg_1", queue: "a b", target: "https://worker.test", body: "body of msg_1" }]);
    const labels = new URL(requests[0]?.url ?? "", "http://recorder.test").searchParams.getAll("label");
    expect(labels).toEqual(["task-1", expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(requests.filter(({ url: asked }) => asked.startsWith("/v2/messages/"))).toHaveLength(5);
  });

  it("asks nothing when there is nothing to ask for, and throws what stops it from knowing", async () => {
    const { url, requests } = await startRecorder(() => ({ status: 500, body: { error: "trouble" } }));
    const broker = withPushes(open({ url }));

    expect([await broker.held?.([]), await broker.discard?.([])]).toEqual([[], 0]);
    expect(requests).toEqual([]);
    await expect(broker.held?.(["task-1"])).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  });

  it("takes messages back by their own ids", async () => {
    const { url, requests } = await startRecorder(() => ({ body: { cancelled: 2 } }));

    expect(await withPushes(open({ url })).discard?.(["msg_1", "msg_2"])).toBe(2);
    expect(requests).toMatchObject([{ method: "DELETE", url: expect.stringContaining("messageIds=msg_1") }]);
  });
});

describe("cancel", () => {
  it("cancels by the labels of the messages, and without ids nothing", async () => {
    const { url, requests } = await startRecorder(() => ({ body: { cancelled: 2 } }));
    const broker = open({ url });

    expect(await broker.cancel?.([])).toBe(0);
    expect(await broker.cancel?.(["a", "b"])).toBe(2);

    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request?.method).toBe("DELETE");
    expect(new URL(request?.url ?? "", url).searchParams.getAll("label")).toEqual(["a", "b"]);
  });
});

describe("openFailure", () => {
  it("reads the message and the last status", () => {
    const sourceBody = Buffer.from('{"text":"æ 漢 🌼"}').toString("base64");
    const callback = { status: 503, header: {}, body: "", retried: 30, sourceMessageId: "msg_1", sourceBody };

    expect(withPushes(open({})).openFailure(JSON.stringify(callback))).toEqual({
      body: '{"text":"æ 漢 🌼"}',
      status: 503,
    });
  });

  it.each(["%%%", "//79"])("refuses %j, which is no text in base64", (sourceBody) => {
    expect(() => withPushes(open({})).openFailure(JSON.stringify({ status: 500, sourceBody }))).toThrow(/base64/);
  });
});

describe("traits", () => {
  it("claims as many seconds as the retries take", () => {
    expect(open({ retries: 3 }).traits.retryHorizon).toBe(5 + 10 + 20);
    expect(open({}).traits.retryHorizon).toBeGreaterThan(21 * 3600);
  });
});

function open(options: QStashOptions) {
  const broker = qstash({ url: "https://qstash.test", token, workerUrl: "https://worker.test", ...options });
  return broker(variables({}));
}

function variables(values: Readonly<Record<string, string>>) {
  return (name: string): string | undefined => values[name];
}

function publication(id: string, about: Partial<Publication> = {}, argument: unknown = 2): Publication {
  const message = { headers: { task: "shop.add", id }, properties: {}, body: [[argument], {}, null] } as const;
  return { message, queue: "default", deduplicationId: `${id.replaceAll(" ", "-")}.0.0`, ...about };
}
