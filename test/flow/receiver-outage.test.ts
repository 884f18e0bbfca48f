/** A receiver whose store is away for a while catches up with what was told meanwhile, once and in order. */

import { upstash } from "@umbel/upstash-redis";
import { Umbel } from "umbel";
import { events } from "umbel/events";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDoorway } from "../doorway.ts";
import { openGateway } from "../gateway.ts";
import { hasRedisServer, startRedisServer } from "../redis-server.ts";
import { until } from "../until.ts";

describe.skipIf(!hasRedisServer)("a receiver whose store goes away", () => {
  it("hears what was told meanwhile when it is back, and each event once", async () => {
    const redis = await startRedisServer();
    const [first, second] = [await openGateway({ REDIS_URL: redis.url }), await openGateway({ REDIS_URL: redis.url })];
    const doorway = await openDoorway();
    onTestFinished(async () => {
      await doorway.close();
      await second.close();
      await redis.stop();
    });
    const token = second.variables["UPSTASH_REDIS_REST_TOKEN"] ?? "";
    const teller = new Umbel("shop", { backend: upstash({ url: second.restUrl, token }) });
    const watcher = new Umbel("watcher", {
      backend: upstash({ url: doorway.url, token, timeout: 2 }),
      log: () => undefined,
    });
    const heard: string[] = [];
    const lost: string[] = [];
    const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();

    doorway.leadTo(first.restPort);
    const captured = events(watcher).capture({
      limit: 30,
      onReady,
      onLost: ({ code }) => void lost.push(code),
      handlers: { "*": ({ type }) => void heard.push(type) },
    });
    await ready;
    const types = Array.from({ length: 30 }, (_, nth) => `shop-${nth}`);
    for (const type of types.slice(0, 10)) await teller.sendEvent(type);
    await until(() => heard.length === 10);
    await first.close();
    for (const type of types.slice(10, 20)) await teller.sendEvent(type);
    await until(() => lost.length > 0);
    doorway.leadTo(second.restPort);
    for (const type of types.slice(20)) await teller.sendEvent(type);

    expect(await captured).toEqual({ received: 30, malformed: 0 });
    expect(heard).toEqual(types);
    expect(new Set(lost)).toEqual(new Set(["BACKEND_UNAVAILABLE"]));
  });
});
