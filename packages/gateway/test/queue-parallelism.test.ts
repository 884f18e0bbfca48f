/** What waits costs nothing: neither what is behind one queue or key, nor ever so many of them. Parallelism may change. */

import { describe, expect, it } from "vitest";

import type { Message } from "../src/push/message.ts";
import { openServices, type Services } from "../src/push/services.ts";
import { settle } from "../src/push/settlement.ts";
import { type Database, openDatabase } from "../src/store/database.ts";

/** The stores over a database that counts the statements it runs. */
function openCounted(): { services: Services; statementsOf: (work: () => unknown) => number } {
  const database = openDatabase(":memory:");
  let runs = 0;
  const counted: Database = {
    ...database,
    prepare(sql) {
      const statement = database.prepare(sql);
      for (const method of ["run", "get", "all"] as const) {
        const original = statement[method].bind(statement);
        Object.assign(statement, {
          [method](...values: never[]) {
            runs += 1;
            return original(...values);
          },
        });
      }
      return statement;
    },
  };
  const services = openServices({
    database: counted,
    signingKeys: { current: "a", next: "b" },
    newId: () => crypto.randomUUID(),
    deadLetterRetention: 1,
  });
  return {
    services,
    statementsOf(work) {
      const before = runs;
      work();
      return runs - before;
    },
  };
}

const draft = {
  url: "http://worker.example/",
  method: "POST",
  headers: {},
  retries: 3,
  retryDelay: "2000",
  timeout: 60,
  delay: 0,
  labels: [],
  redact: [],
};

/** Takes what can be begun. */
function take({ claim, open }: Services, now = 1000, capacity = 512): readonly Message[] {
  const { messages } = claim(now, capacity - open.count(), true);
  for (const message of messages) open.begin(message);
  return messages;
}

function end({ messages, open }: Services, message: Message | undefined, status = 200): void {
  if (message === undefined) throw new Error("There is no such delivery");
  open.end(message);
  settle(messages, { message, answer: { status, headers: {}, body: new Uint8Array() } }, 1000);
}

function texts(messages: readonly Message[]): readonly string[] {
  return messages.map(({ body }) => new TextDecoder().decode(body));
}

function publish(services: Services, count: number, of: (n: number) => object): void {
  for (let n = 0; n < count; n += 1) {
    services.messages.accept({ draft: { ...draft, ...of(n) }, body: Buffer.from(String(n)) }, 1000);
  }
}

describe("a queue whose parallelism changes", () => {
  it("begins more at once when it is raised, and none that are too many when it is lowered, retries included", () => {
    const { services } = openCounted();
    const { queues } = services;
    publish(services, 6, () => ({ queue: "line" }));
    expect(texts(take(services))).toEqual(["0"]);

    queues.upsert({ name: "line", parallelism: 3, paused: false }, 1000);
    const [one, two] = take(services);
    expect(texts(take(services))).toEqual([]);
    queues.upsert({ name: "line", parallelism: 1, paused: false }, 1000);
    end(services, one, 500);
    end(services, two, 500);

    // "0" is still being delivered: the one place is taken.
    expect(texts(take(services, 3000))).toEqual([]);
  });

  it("sends one that waits for its retry again, although its head finds no place at its host", () => {
    const { services } = openCounted();
    const { queues, messages } = services;
    queues.upsert({ name: "wide", parallelism: 2, paused: false }, 1000);
    publish(services, 1, () => ({ queue: "wide", url: "http://other.example/" }));
    const [other] = take(services, 1000, 4);
    publish(services, 2, () => ({}));
    take(services, 1000, 4);
    end(services, other, 500);
    publish(services, 1, () => ({ queue: "wide" }));

    const { messages: none, next } = services.claim(1000, 2, true);
    expect([none, next]).toEqual([[], 3000]);
    expect(texts(take(services, 3000, 4))).toEqual(["0"]);
    expect(messages.pending(other?.id ?? "")).toMatchObject({ retried: 1 });
  });
});

describe("the end of a delivery costs so many statements, however many messages wait", () => {
  it.each([
    { what: "behind one key", of: () => ({ flow: { key: "account", parallelism: 1 } }) },
    { what: "behind one key with a rate", of: () => ({ flow: { key: "account", parallelism: 1, rate: 1e6 } }) },
    { what: "in one queue", of: () => ({ queue: "line" }) },
    { what: "behind a key each, for one host", of: (n: number) => ({ flow: { key: `account-${n}`, rate: 5 } }) },
    { what: "in a queue each, for one host", of: (n: number) => ({ queue: `line-${n}` }) },
  ])("$what", ({ of }) => {
    const costs = [10, 5000].map((count) => {
      const { services, statementsOf } = openCounted();
      publish(services, count, of);
      const places = 4;
      let taken = [...take(services, 1000, places)];
      // All that could be looked at has been looked at.
      for (let turn = 0; turn < 20; turn += 1) taken.push(...take(services, 1000, places));
      return statementsOf(() => {
        end(services, taken.shift(), 200);
        taken = [...taken, ...take(services, 1000, places)];
      });
    });

    expect(costs[1]).toBe(costs[0]);
  });

  it.each([
    { what: "queues", of: (n: number) => ({ queue: `line-${n}` }) },
    { what: "keys", of: (n: number) => ({ flow: { key: `account-${n}`, parallelism: 1 } }) },
  ])("and however many $what are at their limit", ({ of }) => {
    const costs = [10, 250].map((count) => {
      const { services, statementsOf } = openCounted();
      for (let turn = 0; turn < 2; turn += 1) publish(services, count, of);
      take(services, 1000, 5000);
      return statementsOf(() => take(services, 1000, 5000));
    });

    expect(costs[1]).toBe(costs[0]);
  });

  it("and a look that would have to go through very many goes on at once, in another one", () => {
    const { services, statementsOf } = openCounted();
    publish(services, 2000, (n) => ({ flow: { key: `account-${n}`, rate: 5 } }));
    const [first] = take(services, 1000, 2);

    const nexts: unknown[] = [];
    const costs = Array.from({ length: 8 }, () =>
      statementsOf(() => void nexts.push(services.claim(1000, 1, true).next)),
    );

    expect(first).toBeDefined();
    expect(nexts).toEqual([1000, 1000, 1000, 1000, 1000, undefined, undefined, undefined]);
    expect(Math.max(...costs)).toBeLessThan(2000);
  });

  it("and keys that nobody uses any more are forgotten, some at a time", () => {
    const { services } = openCounted();
    const { messages, flows } = services;
    publish(services, 5000, (n) => ({ flow: { key: `account-${n}`, rate: 5 } }));
    messages.cancelAll({ sql: "TRUE", values: [] });
    flows.pause("account-7", true, 1000);
    flows.pin("account-8", { parallelism: 2 }, 1000);

    const left = [1, 2, 3, 4].map((second) => {
      messages.accept({ draft, body: new Uint8Array() }, 100_000 + second * 1000);
      return flows.list("", 100_000).length;
    });

    expect(left[0]).toBeGreaterThan(2500);
    expect(flows.list("", 100_000).map(({ flowControlKey }) => flowControlKey)).toEqual(["account-7", "account-8"]);
    expect(left[3]).toBe(2);
  });

  it("and so does a message that comes to a key, or a queue, that is at its limit", () => {
    const { services, statementsOf } = openCounted();
    publish(services, 100, () => ({ queue: "line" }));
    publish(services, 100, () => ({ flow: { key: "account", parallelism: 1 } }));
    take(services);
    take(services);
    const idle = statementsOf(() => take(services));

    publish(services, 1, () => ({ queue: "line" }));
    publish(services, 1, () => ({ flow: { key: "account", parallelism: 1 } }));

    expect(statementsOf(() => take(services))).toBe(idle);
  });
});
