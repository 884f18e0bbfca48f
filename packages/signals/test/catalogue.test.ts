import { createSignals, type Signals } from "@umbel/signals";
import { expect, it, vi } from "vitest";

it("names each signal as Celery does", () => {
  const names = Object.entries(createSignals()).map(([key, signal]) => [snakeCase(key), signal.name]);

  expect(names.every(([key, name]) => key === name)).toBe(true);
  expect(names).toHaveLength(18);
});

it("gives each application signals of its own", async () => {
  const receiver = vi.fn<() => void>();
  createSignals().taskSuccess.connect(receiver);

  await createSignals().taskSuccess.send("tasks.add", { result: 8 });

  expect(receiver).not.toHaveBeenCalled();
});

it("hands its error handler to every signal", async () => {
  const onError = vi.fn<() => void>();
  const { taskSuccess } = createSignals({ onError });
  taskSuccess.connect(() => {
    throw new Error("thrown");
  });

  await taskSuccess.send("tasks.add", { result: 8 });

  expect(onError).toHaveBeenCalledOnce();
});

it("lets a receiver change the headers of a message before it is published", async () => {
  const { beforeTaskPublish } = createSignals();
  beforeTaskPublish.connect(({ headers }) => {
    headers["tenant"] = "acme";
  });
  const headers = { task: "tasks.add", id: "one" };

  await beforeTaskPublish.send("tasks.add", { body: [[], {}, null], headers, properties: {}, routingKey: "default" });

  expect(headers).toEqual({ task: "tasks.add", id: "one", tenant: "acme" });
});

it("types the sender and the request of an application", async () => {
  const signals: Signals<{ readonly name: string; readonly limit: number }, { readonly id: string }> = createSignals();
  const seen: unknown[] = [];
  signals.taskRetry.connect(({ sender, request }) => seen.push(sender.limit, request.id));

  await signals.taskRetry.send(
    { name: "tasks.div", limit: 3 },
    { request: { id: "one" }, reason: null, traceback: null },
  );

  expect(seen).toEqual([3, "one"]);
});

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}
