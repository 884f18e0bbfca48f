import { EncodeError, ImproperlyConfigured } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../src/task-options.ts";
import { wireOptions } from "../src/wire-options.ts";

/** What a program may do that the compiler has not seen. */
function unseen(options: object): CallOptions {
  return Object.fromEntries(Object.entries(options));
}

describe("options of a call", () => {
  it("are written in Celery's form", () => {
    const options = {
      countdown: "1m",
      expires: new Date("2026-01-02T00:00:00Z"),
      queue: "slow",
      priority: 0,
      taskId: "order-7",
      rootId: "root",
      parentId: "parent",
      addToParent: false,
      replyTo: "me",
      shadow: "charge",
      ignoreResult: true,
      timeLimit: "2m",
      softTimeLimit: 60,
      headers: { tenant: "a" },
      argsrepr: "(...)",
      kwargsrepr: "{}",
      retry: true,
      retryPolicy: { maxRetries: null, intervalMax: "2s" },
    };

    expect(wireOptions(options)).toEqual({
      countdown: 60,
      expires: "2026-01-02T00:00:00.000000+00:00",
      queue: "slow",
      priority: 0,
      task_id: "order-7",
      root_id: "root",
      parent_id: "parent",
      add_to_parent: false,
      reply_to: "me",
      shadow: "charge",
      ignore_result: true,
      time_limit: 120,
      soft_time_limit: 60,
      headers: { tenant: "a" },
      argsrepr: "(...)",
      kwargsrepr: "{}",
      retry: true,
      retry_policy: { max_retries: null, interval_max: 2 },
    });
  });

  it("that are undefined or null say nothing, as in Celery", () => {
    const options = unseen({ queue: null, priority: undefined, eta: null, headers: null });

    expect(wireOptions(options)).toEqual({});
  });

  it.each([
    { given: { countdown: -5 }, says: "countdown is -5: give seconds from 0 on" },
    { given: { countdown: Number.NaN }, says: "countdown is NaN: give seconds from 0 on" },
    { given: { countdown: Infinity }, says: "countdown is Infinity: give seconds from 0 on" },
    { given: { countdown: "soon" }, says: 'countdown is "soon": give seconds from 0 on, or a text such as "1h30m"' },
    { given: { eta: new Date("never") }, says: "eta is Invalid Date: give a Date" },
    { given: { eta: "2026-01-01" }, says: 'eta is "2026-01-01": give a Date' },
    { given: { countdown: 1, eta: new Date(0) }, says: "countdown and eta are given" },
    { given: { expires: -1 }, says: "expires is -1: give seconds from 0 on" },
    { given: { expires: new Date("never") }, says: "expires is Invalid Date" },
    { given: { countdown: 60, expires: 59 }, says: "expires is 59 and countdown 60: it would never run" },
    {
      given: { eta: new Date("2026-01-02"), expires: new Date("2026-01-01") },
      says: "expires is 2026-01-01T00:00:00.000Z and eta 2026-01-02T00:00:00.000Z: it would never run",
    },
    { given: { queue: "" }, says: 'queue is "": give a name' },
    { given: { queue: 7 }, says: "queue is 7: give a name" },
    { given: { priority: 10 }, says: "priority is 10: give a whole number from 0 to 9" },
    { given: { priority: 1.5 }, says: "priority is 1.5" },
    { given: { taskId: "" }, says: 'taskId is "": give a text of 1 to 255 characters' },
    { given: { taskId: "x".repeat(256) }, says: "give a text of 1 to 255 characters" },
    { given: { taskId: 7 }, says: "taskId is 7" },
    { given: { shadow: "" }, says: 'shadow is "": give a name' },
    { given: { ignoreResult: "yes" }, says: 'ignoreResult is "yes": give true or false' },
    { given: { addToParent: 0 }, says: "addToParent is 0: give true or false" },
    { given: { timeLimit: 0 }, says: "timeLimit is 0: give seconds above 0" },
    { given: { timeLimit: "long" }, says: 'timeLimit is "long"' },
    { given: { softTimeLimit: 61, timeLimit: "1m" }, says: "softTimeLimit is longer than timeLimit" },
    { given: { headers: [1] }, says: "headers is [1]: give a record" },
    { given: { headers: { task: "other" } }, says: 'headers has "task", which every message has already' },
    { given: { kwargs: [] }, says: "kwargs is []: give a record" },
    { given: { retry: 3 }, says: "retry is 3: give true or false" },
    { given: { retryPolicy: 3 }, says: "retryPolicy is 3: give { maxRetries" },
    { given: { retryPolicy: { maxRetries: -1 } }, says: "maxRetries of retryPolicy is -1" },
    {
      given: { retryPolicy: { max_retries: 1 } },
      says: 'no part "max_retries" of retryPolicy; the nearest name is "maxRetries"',
    },
    { given: { retryPolicy: { intervalStep: -1 } }, says: "intervalStep of retryPolicy is -1" },
    { given: { serializer: "pickle" }, says: 'There is no option "serializer" of a call' },
    { given: { expire: 1 }, says: 'There is no option "expire" of a call; the nearest name is "expires"' },
  ])("$given are refused: $says", ({ given, says }) => {
    const send = () => wireOptions(unseen(given));

    expect(send).toThrow(ImproperlyConfigured);
    expect(send).toThrow(says);
  });

  it("are refused with headers that are not JSON", () => {
    expect(() => wireOptions({ headers: { when: new Date() } })).toThrow(EncodeError);
  });
});
