import { describeBroker } from "@umbel/conformance";
import type { ServedGateway } from "@umbel/gateway";
import { qstash, withPushes } from "@umbel/qstash";
import { afterAll, beforeAll, describe } from "vitest";
import { startEndpoint } from "../endpoint.ts";
import { openGateway } from "../gateway.ts";
import { passRealTime } from "../real-time.ts";

describe("before the embedded gateway", () => {
  let gateway: ServedGateway;
  beforeAll(async () => void (gateway = await openGateway()));
  afterAll(() => gateway.close());

  describeBroker("qstash", async () => {
    const endpoint = await startEndpoint();
    const settings: Readonly<Record<string, string>> = {
      ...gateway.variables,
      UMBEL_WORKER_URL: endpoint.url,
      UMBEL_TARGETS: JSON.stringify([`${endpoint.url}/abroad`]),
    };
    return {
      ...endpoint,
      broker: withPushes(qstash()((name) => settings[name])),
      now: Date.now,
      pass: passRealTime,
    };
  });
});
