/** One trace from whoever sends a task to all that follows it: by the real SDK, over the kit's broker, worker and store. */

import {
  context,
  propagation,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { BrokerRejected, chain, chord, group, jsonLog, type Publication, Umbel } from "umbel";
import { activeSpan, instrument, type InstrumentOptions } from "umbel/otel";
import { testKit } from "umbel/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What it keeps contexts in cannot be disabled on workerd; nobody asks it once it is not registered any more. */
class ContextManager extends AsyncLocalStorageContextManager {
  override disable(): this {
    return this;
  }
}

beforeAll(() => {
  context.setGlobalContextManager(new ContextManager().enable());
});
afterAll(() => context.disable());

interface Given extends InstrumentOptions {
  readonly sampler?: Sampler;
  /** Hears of spans besides the exporter. */
  readonly processor?: SpanProcessor;
}

/** An application that is traced, and its spans. */
function traced({ sampler, processor, ...options }: Given = {}) {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter }), ...(processor === undefined ? [] : [processor])];
  const tracerProvider = new TracerProvider({ spanProcessors, ...(sampler === undefined ? {} : { sampler }) });
  const app = new Umbel("shop", { log: () => undefined });
  const tracer = tracerProvider.getTracer("shop");
  const add = app.task("shop.add", (x: number, y: number) => tracer.startActiveSpan("sum", (span) => end(span, x + y)));
  const xsum = app.task("shop.xsum", (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0));
  const fail = app.task("shop.fail", (why: string): number => {
    throw new RangeError(why);
  });
  const spans = () => exporter.getFinishedSpans();
  instrument(app, { tracerProvider, ...options });
  return { app, add, xsum, fail, tracer, spans, named: (name: string) => one(spans(), name) };
}

function end<Value>(span: { end: () => void }, value: Value): Value {
  span.end();
  return value;
}

/** The only span of a name. */
function one(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const [found, ...others] = spans.filter((each) => each.name === name);
  if (found === undefined || others.length > 0)
    throw new Error(`${others.length + 1} spans of ${name}: ${tree(spans).join("\n")}`);
  return found;
}

function idOf(span: ReadableSpan): string {
  return span.spanContext().spanId;
}

function isBelow(span: ReadableSpan, other: ReadableSpan, spans: readonly ReadableSpan[]): boolean {
  const parent = spans.find((each) => idOf(each) === span.parentSpanContext?.spanId);
  return parent !== undefined && (parent === other || isBelow(parent, other, spans));
}

/** The spans of a trace, each below its parent, in the order in which they began. */
function tree(spans: readonly ReadableSpan[]): readonly string[] {
  const ids = new Set(spans.map(idOf));
  const isRoot = ({ parentSpanContext: parent }: ReadableSpan) => parent === undefined || !ids.has(parent.spanId);
  const below = (parent: ReadableSpan, depth: number): readonly string[] => [
    `${"  ".repeat(depth)}${parent.name}`,
    ...inOrder(spans.filter((each) => each.parentSpanContext?.spanId === idOf(parent))).flatMap((each) =>
      below(each, depth + 1),
    ),
  ];
  return inOrder(spans.filter(isRoot)).flatMap((each) => below(each, 0));
}

function inOrder(spans: readonly ReadableSpan[]): readonly ReadableSpan[] {
  return spans.toSorted(({ startTime: [s, n] }, { startTime: [s2, n2] }) => s - s2 || n - n2);
}

describe("a trace", () => {
  it("has a chain in it: each step below the end of the one before, and what a body opens below its attempt", async () => {
    const { app, add, spans, tracer } = traced();
    await using kit = testKit(app, { seed: 1 });

    await tracer.startActiveSpan("GET /cart", async (span) => {
      await chain(add.s(2, 2), add.s(4)).delay();
      span.end();
    });
    await kit.settle();

    expect(tree(spans())).toEqual([
      "GET /cart",
      "  apply_async/shop.add",
      "    run/shop.add",
      "      attempt/shop.add",
      "        sum",
      "      finish/shop.add",
      "        apply_async/shop.add",
      "          run/shop.add",
      "            attempt/shop.add",
      "              sum",
      "            finish/shop.add",
    ]);
    expect(new Set(spans().map((each) => each.spanContext().traceId)).size).toBe(1);
  });

  it("has a chord in it, whose body is linked to the message of each member, and all that is linked after it", async () => {
    const { app, add, xsum, spans, named, tracer } = traced();
    const note = app.task("shop.note", (sum: number) => sum);
    await using kit = testKit(app, { seed: 1 });

    const result = await tracer.startActiveSpan("GET /cart", async (span) => {
      const header = [add.s(1, 1), chain(add.s(2, 2), add.s(1)), add.s(3, 3)];
      return end(span, await chord(header, xsum.s().link(note.s())).delay());
    });
    await kit.settle();

    expect(await result.get()).toBe(13);
    expect(new Set(spans().map((each) => each.spanContext().traceId)).size).toBe(1);
    const body = named("apply_async/shop.xsum");
    const sent = spans().filter(({ name }) => name === "apply_async/shop.add");
    const lasts = sent.filter((each) => !sent.some((later) => isBelow(later, each, spans())));
    expect(body.links.map(({ context: { spanId } }) => spanId).toSorted()).toEqual(lasts.map(idOf).toSorted());
    expect(body.links).toHaveLength(3);
    expect(named("run/shop.xsum").parentSpanContext?.spanId).toBe(idOf(body));
    expect(named("apply_async/shop.note").parentSpanContext?.spanId).toBe(idOf(named("finish/shop.xsum")));
  });

  it("has all of a chord in it that is called outside of any span, and nothing of another call", async () => {
    const { app, add, xsum, spans, named } = traced();
    await using kit = testKit(app, { seed: 1 });

    const results = [await chord([add.s(1, 1), add.s(2, 2)], xsum.s()).delay(), await add.delay(5, 5)];
    await kit.settle();

    const own = named("apply_async").spanContext().traceId;
    const others = spans().filter((each) => each.spanContext().traceId !== own);
    expect(await Promise.all(results.map(async (each) => await each.get()))).toEqual([6, 10]);
    expect(named("run/shop.xsum").spanContext().traceId).toBe(own);
    expect(tree(others)[0]).toBe("apply_async/shop.add");
    expect(new Set(others.map((each) => each.spanContext().traceId)).size).toBe(1);
    expect(named("apply_async").attributes).toMatchObject({ "messaging.batch.message_count": 2 });
  });

  it("has the retries of a task in it, and its errbacks", async () => {
    const { app, spans, tracer } = traced();
    const told = app.errback("shop.told", ({ excType }) => excType);
    const visit = app.task({ name: "shop.visit", autoretryFor: [RangeError], maxRetries: 1 }, () => {
      throw new RangeError("closed");
    });
    await using kit = testKit(app, { seed: 1 });

    await tracer.startActiveSpan("GET /cart", async (span) =>
      end(span, await visit.applyAsync([], { linkError: told.s() })),
    );
    await kit.settle();

    expect(tree(spans())).toEqual([
      "GET /cart",
      "  apply_async/shop.visit",
      "    run/shop.visit",
      "      attempt/shop.visit",
      "      finish/shop.visit",
      "        apply_async/shop.visit",
      "          run/shop.visit",
      "            attempt/shop.visit",
      "            finish/shop.visit",
      "              apply_async/shop.told",
      "                run/shop.told",
      "                  attempt/shop.told",
      "                  finish/shop.told",
    ]);
    const attempts = inOrder(spans().filter(({ name }) => name === "attempt/shop.visit"));
    expect(attempts.map(({ attributes }) => [attributes["celery.state"], attributes["celery.retries"]])).toEqual([
      ["RETRY", undefined],
      ["FAILURE", 1],
    ]);
    expect(attempts[0]?.attributes["celery.retry.reason"]).toBe("closed");
    expect(attempts[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it("goes on from a sender in Python, whose instrumentation writes the same headers", async () => {
    const { app, named } = traced();
    await using kit = testKit(app, { seed: 1 });
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

    await kit.broker.publish([foreign({ traceparent, tracestate: "vendor=1" })]);
    await kit.settle();

    const run = named("run/shop.add");
    expect(run.spanContext().traceId).toBe(traceId);
    expect(run.parentSpanContext).toMatchObject({ spanId: "b7ad6b7169203331", isRemote: true });
    expect(run.spanContext().traceState?.serialize()).toBe("vendor=1");
    expect(named("sum").spanContext().traceId).toBe(traceId);
  });

  it.each(["", "00-zz", 7, null, ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]])(
    "begins anew where a foreign message says %j",
    async (traceparent) => {
      const { app, named } = traced();
      await using kit = testKit(app, { seed: 1 });

      await kit.broker.publish([foreign({ traceparent, tracestate: 7, trace_links: traceparent })]);
      await kit.settle();

      expect(named("run/shop.add").parentSpanContext).toBeUndefined();
      expect(named("attempt/shop.add").attributes["celery.state"]).toBe("SUCCESS");
    },
  );

  it("has calls that a body makes below its attempt, and the members of a group side by side", async () => {
    const { app, add, spans } = traced();
    const both = app.task({ name: "shop.both", bind: true }, async (task) => {
      await task.delay(group([add.s(1, 1), add.s(2, 2)]));
    });
    await using kit = testKit(app, { seed: 1 });

    await both.delay();
    await kit.settle();

    const below = [
      "apply_async/shop.add",
      "  run/shop.add",
      "    attempt/shop.add",
      "      sum",
      "    finish/shop.add",
    ];
    expect(tree(spans())).toEqual([
      "apply_async/shop.both",
      "  run/shop.both",
      "    attempt/shop.both",
      ...[...below, ...below].map((line) => `      ${line}`),
      "    finish/shop.both",
    ]);
  });

  it("holds where tasks run in the process that calls them", async () => {
    const { add, spans } = traced();

    await add.apply([1, 2]);

    expect(tree(spans())).toEqual([
      "apply_async/shop.add",
      "  run/shop.add",
      "    attempt/shop.add",
      "      sum",
      "    finish/shop.add",
    ]);
  });
});

describe("a span", () => {
  it("says what OpenTelemetry lays down for messages, and its instrumentation of Celery, but no argument", async () => {
    const { app, add, spans, named } = traced();
    await using kit = testKit(app, { seed: 1 });

    const { id } = await add.delay(41_000, 2);
    await kit.settle();

    const common = {
      "messaging.system": "memory",
      "messaging.destination.name": "default",
      "messaging.message.id": id,
      "messaging.message.conversation_id": id,
      "celery.task_name": "shop.add",
    };
    expect(named("apply_async/shop.add")).toMatchObject({
      kind: SpanKind.PRODUCER,
      attributes: { ...common, "messaging.operation.type": "send", "celery.action": "apply_async" },
    });
    expect(named("run/shop.add")).toMatchObject({
      kind: SpanKind.CONSUMER,
      attributes: {
        ...common,
        "messaging.operation.type": "process",
        "celery.action": "run",
        "celery.state": "SUCCESS",
      },
    });
    expect(JSON.stringify(spans().map(({ attributes, events }) => [attributes, events]))).not.toMatch(/41/u);
  });

  it("of an attempt that fails has the error, once, and the delivery's has failed as well", async () => {
    const { app, fail, named } = traced();
    await using kit = testKit(app, { seed: 1 });

    await fail.delay("too far");
    await kit.settle();

    const error = { code: SpanStatusCode.ERROR, message: "too far" };
    expect(named("attempt/shop.fail")).toMatchObject({ status: error, attributes: { "error.type": "RangeError" } });
    expect(named("attempt/shop.fail").events.map(({ name }) => name)).toEqual(["exception"]);
    expect(named("run/shop.fail")).toMatchObject({
      status: error,
      events: [],
      attributes: { "celery.state": "FAILURE" },
    });
    expect(named("finish/shop.fail").status.code).toBe(SpanStatusCode.UNSET);
  });

  it("has not failed where the task throws what it says that it throws", async () => {
    const { app, named } = traced();
    const soldOut = app.task({ name: "shop.buy", throws: [RangeError] }, () => {
      throw new RangeError("sold out");
    });
    await using kit = testKit(app, { seed: 1 });

    await soldOut.delay();
    await kit.settle();

    for (const name of ["attempt/shop.buy", "run/shop.buy"]) {
      expect(named(name)).toMatchObject({
        status: { code: SpanStatusCode.UNSET },
        attributes: { "celery.state": "FAILURE" },
      });
    }
  });

  it("of a delivery has the error of a task that never ran, and why one was revoked", async () => {
    const { app, add, named, spans } = traced();
    await using kit = testKit(app, { seed: 1 });

    await app.sendTask("shop.unknown");
    const { id } = await add.delay(1, 2);
    await app.revoke(id);
    await kit.settle();

    // The broker keeps it, and tells that it does: that is a delivery as well.
    const [unknown] = inOrder(spans().filter(({ name }) => name === "run/shop.unknown"));
    expect(unknown?.events.map(({ name }) => name)).toEqual(["exception"]);
    expect(unknown?.attributes["error.type"]).toBe("NotRegistered");
    expect(named("run/shop.add").attributes).toMatchObject({
      "celery.state": "REVOKED",
      "celery.revoked.reason": "revoked",
    });
  });

  it("of a delivery that the store's absence has ended has failed, and that of the next has not", async () => {
    const { app, add, spans } = traced();
    await using kit = testKit(app, { seed: 1 });
    await add.delay(1, 2);

    kit.outage(1);
    await kit.settle();

    const runs = inOrder(spans().filter(({ name }) => name === "run/shop.add"));
    expect(runs.map(({ status, attributes }) => [status.code, attributes["error.type"]])).toEqual([
      [SpanStatusCode.ERROR, "503"],
      [SpanStatusCode.UNSET, undefined],
    ]);
  });

  it("of a message that the broker refuses has failed", async () => {
    const { app, add, named } = traced();
    await using kit = testKit(app, { seed: 1 });
    kit.before("publish", () => {
      throw new BrokerRejected("not today");
    });

    await expect(add.delay(1, 2)).rejects.toThrow("not today");

    expect(named("apply_async/shop.add").status).toEqual({ code: SpanStatusCode.ERROR, message: "not today" });
  });

  it("of a group that could not be sent has failed, as those of its messages", async () => {
    const { app, add, spans } = traced();
    await using kit = testKit(app, { seed: 1 });
    kit.before("publish", () => {
      throw new Error("unplugged");
    });

    await expect(group(add.s(1, 2), add.s(3, 4)).applyAsync([], { retry: false })).rejects.toThrow("unplugged");

    const failed = { code: SpanStatusCode.ERROR, message: "unplugged" };
    expect(spans().map(({ name, status }) => [name, status])).toEqual([
      ["apply_async/shop.add", failed],
      ["apply_async/shop.add", failed],
      ["apply_async", failed],
    ]);
  });
});

describe("the instrumentation", () => {
  it("is told by its sampler not to record: nothing is, and the decision travels", async () => {
    const { app, add, spans } = traced({ sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) });
    const flags: unknown[] = [];
    app.signals.beforeTaskPublish.connect(({ headers }) => flags.push(String(headers["traceparent"]).slice(-2)));
    await using kit = testKit(app, { seed: 1 });

    await chain(add.s(2, 2), add.s(4)).delay();
    await kit.settle();

    expect(spans()).toEqual([]);
    expect(flags).toEqual(["00", "00"]);
  });

  it("uses the propagator that it is given, for both ways", async () => {
    const { app, add, spans } = traced({ propagator: other });
    await using kit = testKit(app, { seed: 1 });

    await add.delay(1, 2);
    await kit.settle();

    expect(kit.pushes[0]?.body).toContain('"x-span":');
    expect(tree(spans())[1]).toBe("  run/shop.add");
  });

  it("uses the propagator that is registered, be it later", async () => {
    const { app, add } = traced();
    await using kit = testKit(app, { seed: 1 });
    propagation.setGlobalPropagator(other);

    await add.delay(1, 2);
    await kit.settle();
    propagation.disable();

    expect(kit.pushes[0]?.body).toContain('"x-span":');
  });

  it("reaches no task with what goes wrong in it", async () => {
    const { app } = traced({
      processor: { onStart: broken, onEnd: broken, forceFlush: nothing, shutdown: nothing },
      propagator: { inject: broken, extract: broken, fields: () => [] },
    });
    const double = app.task("shop.double", (x: number) => 2 * x);
    await using kit = testKit(app, { seed: 1 });

    const result = await double.delay(2);
    await kit.settle();

    expect(await result.get()).toBe(4);
    const errors = kit.lines.filter(({ level }) => level === "ERROR").map(({ message }) => message);
    expect(errors).toEqual(
      ["publish", "process", "attempt", "finish"].map(
        (step) => `What is put around the step ${step} threw: Error: broken`,
      ),
    );
  });

  it("ends when it is told to, and a second one takes its place", async () => {
    const { app, add, spans } = traced();
    const later = new InMemorySpanExporter();
    const undo = instrument(app, {
      tracerProvider: new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: later })] }),
    });
    await using kit = testKit(app, { seed: 1 });

    await add.delay(1, 2);
    await kit.settle();
    undo();
    await add.delay(1, 2);
    await kit.settle();

    expect(later.getFinishedSpans().map(({ name }) => name)).toEqual([
      "apply_async/shop.add",
      "attempt/shop.add",
      "finish/shop.add",
      "run/shop.add",
    ]);
    expect(spans().map(({ name }) => name)).toEqual(["sum", "sum"]);
  });

  it("tells log lines in which span they were written", async () => {
    const { app, named } = traced();
    const chatty = app.task({ name: "shop.chatty", bind: true }, (task) => task.log.info("hello"));
    const lines: string[] = [];
    await using kit = testKit(app, { seed: 1, log: jsonLog({ write: (line) => lines.push(line), also: activeSpan }) });
    app.getTaskLogger("shop").info("open");

    const { id: taskId } = await chatty.delay();
    await app.revoke((await chatty.delay()).id);
    await kit.settle();

    const records = lines.map((line): Record<string, unknown> => JSON.parse(line));
    const about = (message: string) => records.find((each) => String(each["message"]).startsWith(message));
    const { traceId, spanId } = named("attempt/shop.chatty").spanContext();
    const whose = { taskName: "shop.chatty", worker: "worker@shop" };
    expect(about("open")).not.toHaveProperty("traceId");
    expect(about("received")).toMatchObject({ ...whose, taskId, traceId, logger: "umbel.worker" });
    expect(about("hello")).toMatchObject({ ...whose, taskId, traceId, spanId });
    expect(about("succeeded")).toMatchObject({ ...whose, taskId, traceId });
    expect(about("Discarding")).toMatchObject(whose);
  });
});

/** A message of Python's, with these headers besides. */
function foreign(headers: Readonly<Record<string, unknown>>): Publication {
  return {
    message: {
      headers: { lang: "py", task: "shop.add", id: "from-python", ...headers },
      properties: {},
      body: [[1, 2], {}, { callbacks: null, errbacks: null, chain: null, chord: null }],
    },
    queue: "default",
    deduplicationId: "from-python",
  };
}

function broken(): never {
  throw new Error("broken");
}

async function nothing(): Promise<void> {
  await Promise.resolve();
}

/** A propagator that no standard knows. */
const other: TextMapPropagator = {
  fields: () => ["x-span"],
  inject(within, carrier, setter) {
    setter.set(carrier, "x-span", JSON.stringify(trace.getSpanContext(within)));
  },
  extract(within, carrier, getter) {
    const found = getter.get(carrier, "x-span");
    if (typeof found !== "string") return within;
    const { traceId, spanId, traceFlags }: SpanContext = JSON.parse(found);
    return trace.setSpanContext(within, { traceId, spanId, traceFlags, isRemote: true });
  },
};
