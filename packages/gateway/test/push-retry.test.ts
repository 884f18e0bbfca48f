import { describe, expect, it } from "vitest";

import {
  type Destination,
  type Harness,
  type Reply,
  settled,
  startDestination,
  startGateway,
  statuses,
  until,
} from "./push-harness.ts";

/** Each retry comes after so many seconds, and not a millisecond before. */
async function expectRetries(harness: Harness, destination: Destination, waits: readonly number[]): Promise<void> {
  for (const [retry, wait] of waits.entries()) {
    await until(() => harness.log.length === retry + 1);
    harness.advance(wait - 0.001);
    await settled(harness);
    expect(destination.arrivals).toHaveLength(retry + 1);
    harness.advance(0.001);
    await until(() => destination.arrivals.length === retry + 2);
  }
}

describe("retries", () => {
  it("come after QStash's waits, with the same id and a count, until one succeeds", async () => {
    const destination = await startDestination(statuses(500, 503, 404, 200));
    const harness = await startGateway();
    const { messageId } = await harness.client.publish({ url: destination.url, body: "x" });
    await until(() => destination.arrivals.length === 1);

    await expectRetries(harness, destination, [12, 148, 1808]);

    expect(destination.arrivals.map(({ headers }) => headers["upstash-retried"])).toEqual(["0", "1", "2", "3"]);
    expect(new Set(destination.arrivals.map(({ headers }) => headers["upstash-message-id"]))).toEqual(
      new Set([messageId]),
    );
    expect(harness.log[0]).toContain(`${messageId} to ${destination.url.slice(7)}/: status 500, retry 1 of 3 in 12 s`);
    await until(async () => (await harness.call("GET", `/v2/messages/${messageId}`)).status === 404);
    expect((await harness.client.dlq.listMessages()).messages).toEqual([]);
  });

  it("are three by default, and then the message is a dead letter", async () => {
    const destination = await startDestination(statuses(500));
    const { client, log, advance } = await startGateway();
    const { messageId } = await client.publish({ url: destination.url });

    for (const count of [1, 2, 3]) {
      await until(() => log.length === count);
      advance(86_400);
    }
    await until(() => log.length === 4);

    expect(destination.arrivals).toHaveLength(4);
    expect((await client.dlq.listMessages()).messages).toMatchObject([
      { messageId, responseStatus: 500, maxRetries: 3 },
    ]);
  });

  it("come after the publisher's expression", async () => {
    const destination = await startDestination(statuses(500));
    const harness = await startGateway();
    await harness.client.publish({
      url: destination.url,
      retries: 2,
      retryDelay: "min(3600000, 5000 * pow(2, retried))",
    });

    await expectRetries(harness, destination, [5, 10]);
    expect(harness.log[0]).toContain("retry 1 of 2 in 5 s");
  });

  it("come when the destination says, which wins over the publisher", async () => {
    const destination = await startDestination((_arrival, response, count) => {
      if (count === 1) response.writeHead(409, { "Retry-After": "30" });
      response.end();
    });
    const harness = await startGateway();
    await harness.client.publish({ url: destination.url, retryDelay: "1000" });
    await until(() => harness.log.length === 1);

    harness.advance(29);
    await settled(harness);
    expect(destination.arrivals).toHaveLength(1);
    harness.advance(1);
    await until(() => destination.arrivals.length === 2);
  });

  it("come at once when the destination says 0, with nobody waking the gateway", async () => {
    const destination = await startDestination((_arrival, response, count) => {
      if (count === 1) response.writeHead(503, { "Retry-After": "0" });
      response.end();
    });
    const { client } = await startGateway({ clock: "real" });

    await client.publish({ url: destination.url });

    await until(() => destination.arrivals.length === 2);
    expect(destination.arrivals[1]?.headers).toMatchObject({ "upstash-retried": "1" });
  });

  it("do not come after a 489 that says so", async () => {
    const destination = await startDestination((_arrival, response) => {
      response.writeHead(489, { "Upstash-NonRetryable-Error": "true" });
      response.end("not a message");
    });
    const { client, log } = await startGateway();

    await client.publish({ url: destination.url, retries: 5 });

    await until(() => log.length === 1);
    expect((await client.dlq.listMessages()).messages).toMatchObject([
      {
        responseStatus: 489,
        responseBody: "not a message",
        responseHeader: { "Upstash-Nonretryable-Error": ["true"] },
      },
    ]);
  });

  it("come after a redirection, which is not followed", async () => {
    const elsewhere = await startDestination();
    const destination = await startDestination((_arrival, response) => {
      response.writeHead(307, { Location: elsewhere.url });
      response.end();
    });
    const { client, log } = await startGateway();

    await client.publish({ url: destination.url, retries: 0 });

    await until(() => log.length === 1);
    expect(elsewhere.arrivals).toEqual([]);
    expect((await client.dlq.listMessages()).messages).toMatchObject([{ responseStatus: 307 }]);
  });
});

describe("a destination that gives no answer", () => {
  it("in time is cut off, and has failed", async () => {
    const destination = await startDestination(() => {});
    const { call, client, log } = await startGateway({ clock: "real" });
    const start = Date.now();

    await call("POST", `/v2/publish/${destination.url}`, {
      headers: { "Upstash-Timeout": "0.2s", "Upstash-Retries": "0" },
    });

    await until(() => log.length === 1);
    expect(Date.now() - start).toBeGreaterThanOrEqual(190);
    expect((await client.dlq.listMessages()).messages).toMatchObject([
      { responseStatus: 0, responseBody: "No answer within 0.2 s" },
    ]);
  });

  it("may take what the gateway allows, not more, whatever the publisher asks for", async () => {
    const destination = await startDestination(() => {});
    const { client, log } = await startGateway({ clock: "real", maxTimeout: 0.2 });

    await client.publish({ url: destination.url, timeout: "2h", retries: 0 });

    await until(() => log.length === 1);
    expect(log[0]).toContain("No answer within 0.2 s");
  });

  it("because it is not there has failed, and the dead letter says why", async () => {
    const destination = await startDestination();
    destination.close();
    const { client, log } = await startGateway();

    await client.publish({ url: destination.url, retries: 0 });

    await until(() => log.length === 1);
    expect((await client.dlq.listMessages()).messages).toMatchObject([
      { responseStatus: 0, responseBody: expect.stringMatching(/ECONNREFUSED|refused|connect/i) },
    ]);
  });
});

describe("connections", () => {
  it("are used again, and one that the destination drops just then costs no retry", async () => {
    const sockets = new Set<unknown>();
    const destination = await startDestination((_arrival, response, count) => {
      sockets.add(response.socket);
      // What Node's time-out of idle connections looks like to whoever is just sending.
      if (count === 2) response.socket?.resetAndDestroy();
      else response.end("ok");
    });
    const { client, log } = await startGateway();

    await client.publish({ url: destination.url, retries: 0 });
    await until(() => destination.arrivals.length === 1);
    await client.publish({ url: destination.url, retries: 0 });
    await until(() => destination.arrivals.length === 3);

    expect(sockets.size).toBe(2);
    expect(log).toEqual([]);
  });

  it("are no more at once than the gateway may have", async () => {
    let open = 0;
    let most = 0;
    const reply: Reply = async (_arrival, response, count) => {
      open += 1;
      most = Math.max(most, open);
      await until(() => most === 3); // The first ones stay until there are as many as there may be.
      // Of different lengths, so that they do not end together.
      setTimeout(
        () => {
          open -= 1;
          response.end();
        },
        10 * (1 + (count % 3)),
      );
    };
    const destinations = await Promise.all([1, 2, 3].map(() => startDestination(reply)));
    const { client } = await startGateway({ concurrency: 3 });

    await client.batch(Array.from({ length: 7 }, () => destinations.map(({ url }) => ({ url }))).flat());

    await until(() => destinations.every(({ arrivals }) => arrivals.length === 7));
    expect(most).toBe(3);
  });
});
