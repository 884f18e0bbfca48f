import { Signal } from "@umbel/signals";
import { expect, it, vi } from "vitest";

interface Payload {
  readonly value: number;
}

function signal(onError = vi.fn<(error: unknown) => void>()) {
  return { onError, signal: new Signal<Payload>("custom_signal", { onError }) };
}

it("calls a receiver once, with the sender, the signal and the payload's fields", async () => {
  const { signal: custom } = signal();
  const receiver = vi.fn<() => void>();
  custom.connect(receiver);

  await custom.send("tasks.add", { value: 8 });

  expect(receiver.mock.calls).toEqual([[{ signal: custom, sender: "tasks.add", value: 8 }]]);
});

it("no longer calls a receiver that was disconnected", async () => {
  const { signal: custom } = signal();
  const receiver = custom.connect(vi.fn<() => void>());

  expect(custom.disconnect(receiver)).toBe(true);
  await custom.send("tasks.add", { value: 8 });

  expect(receiver).not.toHaveBeenCalled();
  expect(custom.disconnect(receiver)).toBe(false);
});

it("waits for each receiver before it calls the next, in the order of connection", async () => {
  const { signal: custom } = signal();
  const seen: string[] = [];
  custom.connect(async () => {
    await Promise.resolve();
    seen.push("first");
  });
  custom.connect(() => seen.push("second"));

  await custom.send("tasks.add", { value: 8 });

  expect(seen).toEqual(["first", "second"]);
});

it("tells how each receiver answered", async () => {
  const { signal: custom } = signal();
  const failure = new Error("no");
  const good = custom.connect(async () => await Promise.resolve("yes"));
  const bad = custom.connect(() => {
    throw failure;
  });

  const responses = await custom.send("tasks.add", { value: 8 });

  expect(responses).toEqual([
    { receiver: good, response: "yes" },
    { receiver: bad, error: failure },
  ]);
});

it("reports a receiver that throws, or rejects, and goes on with the others", async () => {
  const { signal: custom, onError } = signal();
  const last = vi.fn<() => void>();
  custom.connect(() => {
    throw new Error("thrown");
  });
  custom.connect(async () => await Promise.reject(new Error("rejected")));
  custom.connect(last);

  await custom.send("tasks.add", { value: 8 });

  expect(onError.mock.calls.map(([error]) => String(error))).toEqual(["Error: thrown", "Error: rejected"]);
  expect(last).toHaveBeenCalledOnce();
});

it("reports to the handler that is set when a receiver throws", async () => {
  const { signal: custom, onError } = signal();
  const later = vi.fn<() => void>();
  custom.connect(() => {
    throw new Error("thrown");
  });

  custom.onError = later;
  await custom.send("tasks.add", { value: 8 });

  expect(later).toHaveBeenCalledOnce();
  expect(onError).not.toHaveBeenCalled();
});

it("writes to the console when no handler is given", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const custom = new Signal<Payload>("custom_signal");
  custom.connect(() => {
    throw new Error("thrown");
  });

  await custom.send("tasks.add", { value: 8 });

  expect(error).toHaveBeenCalledWith("A receiver of the signal custom_signal threw", new Error("thrown"));
  error.mockRestore();
});

it.each([
  { title: "a name matches the same name", listened: "tasks.add", sent: "tasks.add", called: true },
  { title: "a name matches the thing of that name", listened: "tasks.add", sent: { name: "tasks.add" }, called: true },
  { title: "a thing matches its name", listened: { name: "tasks.add" }, sent: "tasks.add", called: true },
  { title: "two things of one name match", listened: { name: "t" }, sent: { name: "t" }, called: true },
  { title: "another name does not match", listened: "tasks.add", sent: "tasks.sub", called: false },
  { title: "no sender matches every one", listened: undefined, sent: "tasks.sub", called: true },
])("$title", async ({ listened, sent, called }) => {
  const { signal: custom } = signal();
  const receiver = vi.fn<() => void>();
  custom.connect(receiver, listened === undefined ? {} : { sender: listened });

  await custom.send(sent, { value: 8 });

  expect(receiver).toHaveBeenCalledTimes(called ? 1 : 0);
  expect(custom.hasListeners(sent)).toBe(called);
});

it("ignores a second connection of the same receiver to the same sender", async () => {
  const { signal: custom } = signal();
  const receiver = vi.fn<() => void>();
  custom.connect(receiver, { sender: "tasks.add" });
  custom.connect(receiver, { sender: { name: "tasks.add" } });

  await custom.send("tasks.add", { value: 8 });

  expect(receiver).toHaveBeenCalledOnce();
});

it("takes the same receiver for two senders as two connections", async () => {
  const { signal: custom } = signal();
  const receiver = vi.fn<() => void>();
  custom.connect(receiver, { sender: "tasks.add" });
  custom.connect(receiver, { sender: "tasks.sub" });

  await custom.send("tasks.add", { value: 8 });
  await custom.send("tasks.sub", { value: 8 });

  expect(receiver).toHaveBeenCalledTimes(2);
});

it("keeps only the first of two receivers with the same uid", async () => {
  const { signal: custom } = signal();
  const first = vi.fn<() => void>();
  const second = vi.fn<() => void>();
  custom.connect(first, { dispatchUid: "one" });
  custom.connect(second, { dispatchUid: "one" });

  await custom.send("tasks.add", { value: 8 });

  expect(first).toHaveBeenCalledOnce();
  expect(second).not.toHaveBeenCalled();
});

it("disconnects only what was connected with the same sender and uid", () => {
  const { signal: custom } = signal();
  const receiver = custom.connect(() => undefined, { sender: "tasks.add", dispatchUid: "one" });

  expect(custom.disconnect(receiver)).toBe(false);
  expect(custom.disconnect(receiver, { sender: "tasks.add" })).toBe(false);
  expect(custom.disconnect(receiver, { sender: "tasks.add", dispatchUid: "one" })).toBe(true);
  expect(custom.hasListeners()).toBe(false);
});

it("does not call a receiver that is connected while the signal is being sent", async () => {
  const { signal: custom } = signal();
  const late = vi.fn<() => void>();
  custom.connect(() => void custom.connect(late));

  await custom.send("tasks.add", { value: 8 });

  expect(late).not.toHaveBeenCalled();
});

it("prints its name", () => {
  expect(String(new Signal("task_success"))).toBe("<Signal: task_success>");
});

it.each([5, {}, true])("refuses to listen to %j, which has no name: it would hear everybody", (sender) => {
  const { signal: custom } = signal();

  // No compiler has seen it.
  const options: object = { sender };

  expect(() => custom.connect(vi.fn<() => void>(), options)).toThrow("has none");
  expect(custom.hasListeners()).toBe(false);
});
