import { Receiver } from "@upstash/qstash";
import { describe, expect, it } from "vitest";

import { settled, startDestination, startGateway, token, until } from "./push-harness.ts";

describe("publish", () => {
  it("delivers the body byte for byte, with the publisher's headers and the system's", async () => {
    const destination = await startDestination();
    const { client } = await startGateway();

    const { messageId } = await client.publish({
      url: `${destination.url}/hook`,
      body: "snow ☃",
      headers: { "Content-Type": "text/plain", "X-Custom": "yes" },
    });

    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]).toMatchObject({
      method: "POST",
      url: "/hook",
      body: "snow ☃",
      headers: {
        "content-type": "text/plain",
        "x-custom": "yes",
        "user-agent": "Upstash-QStash",
        "upstash-message-id": messageId,
        "upstash-retried": "0",
        "upstash-region": "EU-CENTRAL-1",
        "content-length": "8",
      },
    });
  });

  it("signs what the official receiver verifies, for the destination as it was written", async () => {
    const destination = await startDestination();
    const { client } = await startGateway({ clock: "real" });
    const url = `${destination.url}/a//b?x=1&y=%20`;
    await client.publishJSON({ url, body: { hello: "world" } });
    await until(() => destination.arrivals.length === 1);

    const [arrival] = destination.arrivals;
    const signature = String(arrival?.headers["upstash-signature"]);
    const receiver = new Receiver({ currentSigningKey: "sig_current", nextSigningKey: "sig_next" });
    const other = new Receiver({ currentSigningKey: "sig_other", nextSigningKey: "sig_another" });
    expect(arrival?.url).toBe("/a//b?x=1&y=%20");
    expect(await receiver.verify({ signature, body: arrival?.body ?? "", url })).toBe(true);
    await expect(receiver.verify({ signature, body: "another", url })).rejects.toThrow("body hash");
    await expect(receiver.verify({ signature, body: arrival?.body ?? "", url: destination.url })).rejects.toThrow(
      "subject",
    );
    await expect(other.verify({ signature, body: arrival?.body ?? "", url })).rejects.toThrow("signature");
  });

  it.each(["GET", "PUT", "PATCH", "DELETE"] as const)("delivers with the method %s, body included", async (method) => {
    const destination = await startDestination();
    const { client } = await startGateway();

    await client.publish({ url: destination.url, method, body: "x" });

    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]).toMatchObject({ method, body: "x" });
  });

  it("keeps back what belongs to the publisher's connection, and its copies of the system's headers", async () => {
    const destination = await startDestination();
    const { call } = await startGateway();

    await call("POST", `/v2/publish/${destination.url}/`, {
      body: "four",
      headers: {
        "Upstash-Forward-Host": "elsewhere.example",
        "Upstash-Forward-Content-Length": "999",
        "Upstash-Forward-Connection": "close",
        "Upstash-Forward-Transfer-Encoding": "chunked",
        "Upstash-Forward-Upstash-Signature": "forged",
        "Upstash-Forward-User-Agent": "forged",
        "Upstash-Forward-Authorization": "Bearer theirs",
        "Upstash-Telemetry-Sdk": "test",
      },
    });

    await until(() => destination.arrivals.length === 1);
    const headers = destination.arrivals[0]?.headers ?? {};
    expect(headers).toMatchObject({
      host: destination.url.slice("http://".length),
      "content-length": "4",
      connection: "keep-alive",
      "user-agent": "Upstash-QStash",
      authorization: "Bearer theirs",
    });
    expect(headers["upstash-signature"]).not.toBe("forged");
    expect(headers).not.toHaveProperty("transfer-encoding");
    expect(headers).not.toHaveProperty("upstash-telemetry-sdk");
  });

  it("takes its settings from the query too, and keeps them from the destination", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const { url, advance } = harness;
    const path = `/v2/publish/${destination.url}/p?keep=1&upstash-delay=100s&upstash-forward-x-api_2=two&qstash_token=${encodeURIComponent(token)}&z=`;

    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "Upstash-Header-Forward": "true", "X-Webhook": "1", Authorization: "Basic theirs" },
    });
    await settled(harness);
    expect(response.status).toBe(200);
    expect(destination.arrivals).toEqual([]);

    advance(100);
    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]).toMatchObject({
      url: "/p?keep=1&z=",
      headers: { "x-webhook": "1", "x-api_2": "two", authorization: "Basic theirs" },
    });
  });

  it("does not forward its own token when all headers are forwarded", async () => {
    const destination = await startDestination();
    const { call } = await startGateway();

    await call("POST", `/v2/publish/${destination.url}`, {
      headers: { "Upstash-Header-Forward": "true", "X-Webhook": "1" },
    });

    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]?.headers).toMatchObject({ "x-webhook": "1" });
    expect(destination.arrivals[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([
    { delay: "1h" as const, wait: 3600 },
    { delay: 90, wait: 90 },
  ])("holds a message back for its delay: %j", async ({ delay, wait }) => {
    const destination = await startDestination();
    const harness = await startGateway();
    await harness.client.publish({ url: destination.url, delay, retries: 0 });

    harness.advance(wait - 0.001);
    await settled(harness);
    expect(destination.arrivals).toEqual([]);

    harness.advance(0.001);
    await until(() => destination.arrivals.length === 1);
  });

  it("holds a message back until its instant, whatever its delay", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    await harness.client.publish({ url: destination.url, delay: 1, notBefore: harness.now() / 1000 + 500 });

    harness.advance(499);
    await settled(harness);
    expect(destination.arrivals).toEqual([]);

    harness.advance(1);
    await until(() => destination.arrivals.length === 1);
  });

  it("delivers a delayed message by the real clock, with nobody waking it", async () => {
    const destination = await startDestination();
    const { call } = await startGateway({ clock: "real" });
    const start = Date.now();

    await call("POST", `/v2/publish/${destination.url}`, { headers: { "Upstash-Delay": "0.3s" } });

    await until(() => destination.arrivals.length === 1);
    expect(Date.now() - start).toBeGreaterThanOrEqual(300);
  });

  it("delivers a message that comes in the same turn in which the gateway begins to look for messages", async () => {
    const destination = await startDestination();
    const { gateway } = await startGateway();
    const headers = { Authorization: `Bearer ${token}` };

    gateway.wake();
    await gateway.app.request(`/v2/publish/${destination.url}`, { method: "POST", headers });

    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]?.method).toBe("POST");
  });

  it("shows a waiting message, and not a delivered one", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const { client, now } = harness;
    const { messageId } = await client.publishJSON({
      url: `${destination.url}/p`,
      body: { a: 1 },
      headers: { "x-custom": "1" },
      delay: 60,
      retries: 5,
      retryDelay: "1000 * (retried + 1)",
      callback: "http://127.0.0.1:9/callback",
      failureCallback: "http://127.0.0.1:9/failed",
      label: ["first", "second"],
      flowControl: { key: "k", parallelism: 2, rate: 3, period: "1m" },
    });

    expect(await client.messages.get(messageId)).toMatchObject({
      messageId,
      url: `${destination.url}/p`,
      method: "POST",
      header: { "Content-Type": ["application/json"], "X-Custom": ["1"] },
      body: '{"a":1}',
      maxRetries: 5,
      createdAt: now(),
      notBefore: now() + 60_000,
      callback: "http://127.0.0.1:9/callback",
      failureCallback: "http://127.0.0.1:9/failed",
      label: "first",
      labels: ["first", "second"],
      flowControlKey: "k",
      parallelism: 2,
      rate: 3,
      period: 60,
      retryDelayExpression: "1000 * (retried + 1)",
    });

    harness.advance(60);
    await until(() => destination.arrivals.length === 1);
    await settled(harness);
    await expect(client.messages.get(messageId)).rejects.toMatchObject({ status: 404 });
  });

  it("shows no body where there is none, and one that is no text in base64", async () => {
    const { client, call } = await startGateway();
    const later = { headers: { "Upstash-Delay": "1h" } };
    const publish = async (body?: Uint8Array<ArrayBuffer>): Promise<string> => {
      const response = await call(
        "POST",
        "/v2/publish/http://127.0.0.1:9/",
        body === undefined ? later : { ...later, body },
      );
      return String(Reflect.get(Object(await response.json()), "messageId"));
    };

    expect(await client.messages.get(await publish())).not.toHaveProperty("body");
    expect(await client.messages.get(await publish(Uint8Array.of(255, 0)))).toMatchObject({ bodyBase64: "/wA=" });
  });

  it("never shows what is to be redacted, and delivers it", async () => {
    const destination = await startDestination();
    const { client, advance } = await startGateway();
    const { messageId } = await client.publish({
      url: destination.url,
      body: "secret",
      headers: { "X-Key": "secret", "X-Other": "shown" },
      redact: { body: true, header: ["x-key"] },
      delay: 60,
    });

    const digest = "REDACTED:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    expect(await client.messages.get(messageId)).toMatchObject({
      body: digest,
      header: { "X-Key": [digest], "X-Other": ["shown"] },
    });

    advance(60);
    await until(() => destination.arrivals.length === 1);
    expect(destination.arrivals[0]).toMatchObject({ body: "secret", headers: { "x-key": "secret" } });

    const all = { url: destination.url, headers: { "X-Key": "secret" }, redact: { header: true as const }, delay: 60 };
    const shown = await client.messages.get((await client.publish(all)).messageId);
    expect(shown.header).toEqual({ "X-Key": [digest] });
  });
});

describe("deduplication", () => {
  it("answers 202 with the first one's id for ten minutes, also after delivery", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const request = { url: destination.url, deduplicationId: "once" };
    const first = await harness.client.publish(request);
    await until(() => destination.arrivals.length === 1);

    harness.advance(599.999);
    const again = await harness.call("POST", `/v2/publish/${destination.url}`, {
      headers: { "Upstash-Deduplication-Id": "once" },
    });
    expect(again.status).toBe(202);
    expect(await again.json()).toEqual({ messageId: first.messageId, deduplicated: true });

    harness.advance(0.001);
    const later = await harness.client.publish(request);
    expect(later.messageId).not.toBe(first.messageId);
    await until(() => destination.arrivals.length === 2);
  });

  it("by content takes equal destination, body and headers for one", async () => {
    const destination = await startDestination();
    const harness = await startGateway();
    const publish = (body: string, header: string, path = "/"): Promise<{ deduplicated?: boolean }> =>
      harness.client.publish({
        url: `${destination.url}${path}`,
        body,
        headers: { "X-H": header },
        contentBasedDeduplication: true,
      });

    expect(await publish("a", "1")).not.toHaveProperty("deduplicated");
    expect(await publish("a", "1")).toHaveProperty("deduplicated", true);
    expect(await publish("b", "1")).not.toHaveProperty("deduplicated");
    expect(await publish("a", "2")).not.toHaveProperty("deduplicated");
    expect(await publish("a", "1", "/p")).not.toHaveProperty("deduplicated");
    await until(() => destination.arrivals.length === 4);
  });
});

describe("batch", () => {
  it("keeps what is good, says what is wrong with the rest, each in its place", async () => {
    const destination = await startDestination();
    const { client } = await startGateway();

    const answers = await client.batchJSON([
      { url: `${destination.url}/1`, body: { n: 1 }, headers: { "X-N": "1" } },
      { url: `${destination.url}/2`, body: { n: 2 }, retryDelay: "nonsense(" },
      { url: `${destination.url}/3`, body: { n: 3 }, queueName: "q" },
      { url: `${destination.url}/4`, body: { n: 4 }, deduplicationId: "d" },
      { url: `${destination.url}/5`, body: { n: 5 }, deduplicationId: "d" },
      { urlGroup: "some-group", body: { n: 6 } },
    ]);

    expect(answers).toMatchObject([
      { messageId: expect.any(String) },
      { error: expect.stringContaining('Upstash-Retry-Delay: "nonsense("') },
      { messageId: expect.any(String) },
      { messageId: expect.any(String) },
      { deduplicated: true },
      { error: expect.stringContaining("URL group") },
    ]);
    await until(() => destination.arrivals.length === 3);
    expect(destination.bodies().toSorted()).toEqual(['{"n":1}', '{"n":3}', '{"n":4}']);
  });

  it("sends a body that is no text as JSON", async () => {
    const destination = await startDestination();
    const { call } = await startGateway();

    await call("POST", "/v2/batch", {
      body: JSON.stringify([{ destination: destination.url, body: { a: [1] } }, { destination: destination.url }]),
    });

    await until(() => destination.arrivals.length === 2);
    expect(destination.bodies().toSorted()).toEqual(["", '{"a":[1]}']);
  });

  it("keeps nothing of a batch that cannot be kept whole", async () => {
    const destination = await startDestination();
    let count = 0;
    // The third id is one that exists: the database refuses the row.
    const newId = (): string => `msg_${(count += 1) === 3 ? 1 : count}`;
    const harness = await startGateway({ newId });

    await expect(
      harness.client.batchJSON([1, 2, 3].map((n) => ({ url: destination.url, body: { n } }))),
    ).rejects.toMatchObject({ status: 500 });

    await settled(harness);
    expect(destination.arrivals).toEqual([]);
    expect(harness.log.join()).toContain("UNIQUE constraint failed");
  });
});

describe("a request that cannot be served", () => {
  const hour = { "Upstash-Delay": "1h" };
  const target = "http://127.0.0.1:9/x";

  it.each<[string, string, number, string, Record<string, string>]>([
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      'Upstash-Delay: "soon" is not a duration; write 30s',
      { "Upstash-Delay": "soon" },
    ],
    ["POST", `/v2/publish/${target}`, 400, 'Upstash-Retries: "-1" is not a whole number', { "Upstash-Retries": "-1" }],
    ["POST", `/v2/publish/${target}`, 400, 'Upstash-Method: "TRACE" is none of GET', { "Upstash-Method": "TRACE" }],
    ["POST", `/v2/publish/${target}`, 400, 'Upstash-Timeout: "1 day"', { "Upstash-Timeout": "1 day" }],
    // An instant beyond 2^53 could be stored, but never read again, nor anything that is read with it.
    ["POST", `/v2/publish/${target}`, 400, "at most 100 years", { "Upstash-Delay": "9007199254740s" }],
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      '"period=9007199254741" is not a period from 1 ms to a week',
      { "Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "rate=1, period=9007199254741" },
    ],
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      '"period=0" is not a period',
      { "Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "rate=1, period=0" },
    ],
    ["POST", `/v2/publish/${target}`, 400, "only make sense together", { "Upstash-Flow-Control-Key": "k" }],
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      "neither parallelism=N nor rate=N",
      { "Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "period=1s" },
    ],
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      '"rate=0" is no limit',
      { "Upstash-Flow-Control-Key": "k", "Upstash-Flow-Control-Value": "rate=0" },
    ],
    [
      "POST",
      `/v2/publish/${target}`,
      400,
      'Upstash-Callback: "nowhere://" must begin with http',
      { "Upstash-Callback": "nowhere://" },
    ],
    ["POST", `/v2/publish/${target}`, 400, "Upstash-Cron: schedules are created by", { "Upstash-Cron": "* * * * *" }],
    [
      "POST",
      `/v2/publish/${target}`,
      501,
      "Upstash-Workflow-Init: workflows are not",
      { "Upstash-Workflow-Init": "true" },
    ],
    ["POST", `/v2/publish/${target}?upstash-label=%0a`, 400, "upstash-label: the value cannot stand in a header", {}],
    ["POST", "/v2/publish/ftp://h/x", 400, 'destination: "ftp://h/x" must begin with http', {}],
    ["POST", "/v2/publish/http://", 400, "is not a valid URL", {}],
    ["POST", "/v2/publish/my-group", 501, "URL group", {}],
    ["POST", "/v2/publish/api/llm", 501, "integration is not offered", {}],
    ["POST", `/v2/enqueue/bad%20name/${target}`, 400, '"bad name" is no name for a queue', {}],
    ["POST", "/v2/batch", 400, "The body is not JSON", {}],
    ["POST", "/v2/topics/t/endpoints", 501, "URL groups are not offered", {}],
    ["GET", "/v2/nothing", 404, "There is no GET /v2/nothing", {}],
    ["DELETE", "/v2/messages?labell=x", 400, '"labell" is no filter', {}],
    ["DELETE", "/v2/messages?fromDate=1,2", 400, "fromDate: one instant", {}],
    ["GET", "/v2/dlq?toDate=yesterday", 400, "toDate: one instant", {}],
    ["GET", "/v2/dlq?count=x", 400, "count must be a whole number", {}],
  ])("%s %s: %d %s", async (...[method, path, status, reason, headers]) => {
    const { call } = await startGateway();

    const response = await call(method, path, { headers });

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.stringContaining(reason) });
  });

  it.each([{}, { Authorization: "Bearer wrong" }, { Authorization: `Basic ${token}` }, { Authorization: token }])(
    "does not come with the token: %j",
    async (headers) => {
      const { url } = await startGateway();

      const response = await fetch(`${url}/v2/keys`, { headers });

      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: expect.stringContaining("QSTASH_TOKEN") });
    },
  );

  it("is too long, said before it is read or as soon as it shows", async () => {
    const { url, call } = await startGateway({ maxBody: 1000 });
    const chunks = new ReadableStream({
      start(controller) {
        for (let count = 0; count < 3; count += 1) controller.enqueue(new Uint8Array(600));
        controller.close();
      },
    });

    const said = await call("POST", `/v2/publish/${target}`, { body: "x".repeat(1001) });
    // Sound: whoever streams a body has to set `duplex`, which the type does not know.
    const streamed = await fetch(`${url}/v2/batch`, {
      method: "POST",
      body: chunks,
      duplex: "half",
      headers: { Authorization: `Bearer ${token}` },
    } as RequestInit);
    const good = await call("POST", `/v2/publish/${target}`, { body: "x".repeat(1000), headers: hour });

    expect([said.status, streamed.status, good.status]).toEqual([413, 413, 200]);
    expect(await said.json()).toEqual({ error: expect.stringContaining("longer than the 1000 bytes") });
  });

  it("is for an address that the gateway may not push to, callbacks included", async () => {
    const { client } = await startGateway({ allow: ({ hostname }) => hostname === "127.0.0.1" });

    await expect(client.publish({ url: "http://169.254.169.254/" })).rejects.toThrow(
      "may not push to http://169.254.169.254",
    );
    await expect(client.publish({ url: target, callback: "http://10.0.0.1/" })).rejects.toThrow(
      "Upstash-Callback: this gateway may not",
    );
    await expect(client.publish({ url: target, delay: 60 })).resolves.toHaveProperty("messageId");
  });
});
