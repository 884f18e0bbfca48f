/** Whoever waits for a place gets one in turn, however many wait at hosts that have theirs. */

import { expect, it } from "vitest";

import type { Message } from "../src/push/message.ts";
import type { Services } from "../src/push/services.ts";
import { settle } from "../src/push/settlement.ts";
import { openMemory } from "./push-stores.ts";

const draft = { method: "POST", headers: {}, retries: 0, timeout: 60, delay: 0, labels: [], redact: [] };

/** Publishes a message to a host, at an instant; `key` is that of its flow control. */
function publish({ messages }: Services, host: string, { at = 1000, key }: { at?: number; key?: string } = {}): void {
  const flow = key === undefined ? {} : { flow: { key, rate: 1000 } };
  messages.accept({ draft: { ...draft, url: `http://${host}/`, ...flow }, body: new Uint8Array() }, at);
}

/** Takes what there are `free` places for. */
function take({ claim, open }: Services, free: number, now = 100_000): readonly Message[] {
  const { messages } = claim(now, free, true);
  for (const message of messages) open.begin(message);
  return messages;
}

function end({ messages, open }: Services, message: Message | undefined): void {
  if (message === undefined) throw new Error("There is no such delivery");
  open.end(message);
  settle(messages, { message, answer: { status: 200, headers: {}, body: new Uint8Array() } }, 100_000);
}

function hostsOf(messages: readonly Message[]): readonly string[] {
  return messages.map((message) => new URL(message.draft.url).host);
}

it("a host that has nothing open gets the last place, behind however many that have what they may have", () => {
  const services = openMemory();
  const hosts = Array.from({ length: 400 }, (_, n) => `host-${n}.example`);
  for (const host of hosts) publish(services, host);
  expect(take(services, 200)).toHaveLength(200);
  expect(take(services, 200)).toHaveLength(200);
  for (const host of hosts) publish(services, host, { at: 2000 });
  publish(services, "late.example", { at: 3000 });

  const { messages, next } = services.claim(100_000, 1, true);

  expect([hostsOf(messages), next]).toEqual([["late.example"], undefined]);
});

it("and a look at hosts that have what they may have is not begun again at once", () => {
  const services = openMemory();
  const hosts = Array.from({ length: 400 }, (_, n) => `host-${n}.example`);
  for (const host of hosts) publish(services, host);
  take(services, 200);
  take(services, 200);
  for (const host of hosts) publish(services, host);

  expect(services.claim(100_000, 1, true)).toEqual({ messages: [], next: undefined, crowded: false });
});

it("one place that is left goes round among all that wait for it: hosts, keys, and what has no limits", () => {
  const services = openMemory();
  // Keys that were set aside, at three hosts that have one delivery open each.
  for (const host of ["a", "b", "c"]) {
    for (let n = 0; n < 6; n += 1) publish(services, host, { key: `${host}${n}`, at: 1000 + n });
  }
  const open = [...take(services, 2), ...take(services, 1), ...take(services, 1)];
  expect(hostsOf(open).toSorted()).toEqual(["a", "b", "c"]);
  expect(take(services, 1)).toEqual([]);
  publish(services, "free", { at: 1001 });
  for (const message of open) end(services, message);

  const order: string[] = [];
  for (let turn = 0; turn < 8; turn += 1) {
    const [message] = take(services, 1);
    order.push(...(message === undefined ? [] : hostsOf([message])));
    end(services, message);
  }

  expect(new Set(order.slice(0, 4))).toEqual(new Set(["a", "b", "c", "free"]));
});
