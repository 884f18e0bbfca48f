/** The lines of W3C Trace Context, read and written. */

import { defaultTextMapGetter, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { headersGetter, headersSetter, linksIn } from "../src/headers.ts";
import { readTraceparent, traceContext } from "../src/trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const sound = `00-${traceId}-${spanId}-01`;

describe("a traceparent", () => {
  it.each([
    [sound, 1],
    [`00-${traceId}-${spanId}-00`, 0],
    [`00-${traceId}-${spanId}-03`, 1],
    [`01-${traceId}-${spanId}-01-what-comes-later`, 1],
  ])("is read from %s", (text, traceFlags) => {
    expect(readTraceparent(text)).toEqual({ traceId, spanId, traceFlags, isRemote: true });
  });

  it.each([
    "",
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId}-${spanId}`,
    ` ${sound}`,
    undefined,
    null,
    { toString: () => sound },
  ])("is not read from %j", (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });

  it("is written as it was read, with the state of the vendors beside it", () => {
    const headers = {};
    const carrier = { traceparent: sound, tracestate: "a=1,b=2" };

    traceContext.inject(traceContext.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter), headers, headersSetter);

    expect(headers).toEqual(carrier);
  });

  it("is not written where there is no span", () => {
    const headers = {};

    traceContext.inject(ROOT_CONTEXT, headers, headersSetter);

    expect(headers).toEqual({});
  });

  it("changes nothing where it is none", () => {
    const context = traceContext.extract(ROOT_CONTEXT, { traceparent: "none" }, headersGetter);

    expect(trace.getSpanContext(context)).toBeUndefined();
  });
});

describe("the headers of a message", () => {
  it.each([[{}], [{ trace_links: sound }], [{ trace_links: null }], [{ trace_links: [7, "x", null] }]])(
    "have no links in %j",
    (headers) => {
      expect(linksIn(headers)).toEqual([]);
    },
  );

  it("have those that can be read", () => {
    expect(linksIn({ trace_links: ["x", sound] })).toEqual([{ context: readTraceparent(sound) }]);
    expect(linksIn({ trace_links: Array.from({ length: 1000 }, () => sound) })).toHaveLength(128);
  });

  it("give a propagator texts of their own only", () => {
    expect(headersGetter.get({ toString: "x", eta: null }, "toString")).toBe("x");
    expect(headersGetter.get({ eta: null, timelimit: [1] }, "timelimit")).toBeUndefined();
    expect(headersGetter.get({}, "toString")).toBeUndefined();
    expect(headersGetter.keys({ a: 1, b: "2" })).toEqual(["a", "b"]);
  });
});
