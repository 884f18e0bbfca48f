import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeEnvelope,
  decodePush,
  encodeEnvelope,
  encodePush,
  InvalidMessageError,
  parseJson,
  type TaskMessage,
  UnsupportedVersionError,
  writeJson,
} from "../src/index.ts";
import { arbitraryJson } from "./arbitrary-json.ts";
import { runs } from "./runs.ts";

/** A message with only what it must have. */
function message(headers: object = {}, body: TaskMessage["body"] = [[2, 3], {}, {}]): TaskMessage {
  return { headers: { task: "shop.add", id: "1", ...headers }, properties: {}, body };
}

/** A kombu envelope with only what it must have. */
function envelope(fields: object = {}, properties: object = {}): Record<string, unknown> {
  return {
    body: btoa("[[2, 3], {}, null]"),
    "content-type": "application/json",
    "content-encoding": "utf-8",
    headers: { task: "shop.add", id: "1" },
    properties: { body_encoding: "base64", delivery_tag: "t", delivery_info: {}, ...properties },
    ...fields,
  };
}

/** What is wrong, the envelope's fields and properties, and how the error tells. */
type Refusal = readonly [what: string, envelope: readonly [fields: object, properties?: object], problem: RegExp];

function compressed(bytes: Uint8Array): object {
  const headers = { task: "shop.add", id: "1", compression: "application/x-gzip" };
  return { headers, body: deflateSync(bytes).toString("base64") };
}

describe("a push of our own form", () => {
  it("is a versioned object with all of protocol 2, nothing in base64", () => {
    expect(JSON.parse(encodePush(message({ retries: 1 })))).toEqual({
      v: 1,
      headers: { task: "shop.add", id: "1", retries: 1 },
      properties: {},
      body: [[2, 3], {}, {}],
    });
  });

  it("brings back any arguments", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryJson), fc.dictionary(fc.string(), arbitraryJson), async (args, kwargs) => {
        const sent = message({}, [args, { ...kwargs }, null]);
        expect(await decodePush(encodePush(sent))).toEqual(sent);
      }),
      { numRuns: runs },
    );
  });

  it("keeps headers and properties that this version does not know", async () => {
    const sent = { ...message({ "x-trace": { span: 1 } }), properties: { generation: 2, later: [1] } };
    expect(await decodePush(encodePush(sent))).toEqual(sent);
  });

  it.each([2, 0, "1", null])("of version %j is for a newer worker", async (v) => {
    const refusal = decodePush(writeJson({ ...message(), v }));

    await expect(refusal).rejects.toThrow(UnsupportedVersionError);
    await expect(refusal).rejects.toMatchObject({ transient: true, code: "UNSUPPORTED_VERSION" });
  });

  it.each([
    ["no JSON", "hello", "Not JSON at character 0: a value is missing"],
    ["a list", "[]", "Push: expected an object"],
    ["null", "null", "Push: expected an object"],
    ["an empty object", "{}", "Envelope: body is missing"],
    ["no headers", '{"v":1,"properties":{},"body":[[],{},null]}', "Push: headers is missing"],
    ["no task", own({ headers: { id: "1" } }), "Push: headers.task is missing"],
    [
      "an empty id",
      own({ headers: { task: "a", id: "" } }),
      "Push: headers.id: expected at least 1 characters, found string",
    ],
    [
      "an id of 256 characters",
      own({ headers: { task: "a", id: "x".repeat(256) } }),
      "Push: headers.id: expected at most 255 characters, found string",
    ],
    [
      "an eta that is none",
      own({ headers: { task: "a", id: "1", eta: "soon" } }),
      "Push: headers.eta: not an ISO 8601 date and time, found string",
    ],
    [
      "retries below none",
      own({ headers: { task: "a", id: "1", retries: -1 } }),
      "Push: headers.retries: expected at least 0, found number",
    ],
    [
      "retries beyond 2^53",
      own({ headers: { task: "a", id: "1", retries: 2n ** 64n } }),
      "Push: headers.retries: expected number, found bigint",
    ],
    ["two elements", own({ body: [[], {}] }), "Push: body: expected at least 3 items, found a list of 2"],
    ["four elements", own({ body: [[], {}, null, 1] }), "Push: body: expected at most 3 items, found a list of 4"],
    ["an object for a body", own({ body: {} }), "Push: body: expected tuple, found object"],
    ["args that are no list", own({ body: [{}, {}, null] }), "Push: body.0: expected array, found object"],
    ["kwargs that are a list", own({ body: [[], [], null] }), "Push: body.1: expected object, found a list of 0"],
    [
      "a callback that is none",
      own({ body: [[], {}, { callbacks: [{ task: 1 }] }] }),
      "Push: body.2.callbacks.0.task: expected string, found number",
    ],
    [
      "a chain whose step is none",
      own({ body: [[], {}, { chord: { task: "celery.chain", kwargs: { tasks: [{ args: [] }] } } }] }),
      "Push: body.2.chord.kwargs.tasks.0.task is missing",
    ],
    [
      "a link that is none",
      own({ body: [[], {}, { chord: { task: "a", options: { link: [{ task: 1 }] } } }] }),
      "Push: body.2.chord.options.link.0.task: expected string, found number",
    ],
  ])("is refused with %s, and the error says where", async (_, text, problem) => {
    await expect(decodePush(text)).rejects.toThrow(new InvalidMessageError(problem));
  });

  it("does not let a message change prototypes", async () => {
    const text =
      '{"v":1,"headers":{"task":"a","id":"1","__proto__":{"admin":true}},"properties":{},"body":[[],{"__proto__":{"admin":true}},null]}';
    const { headers, body } = await decodePush(text);

    expect(headers["admin"]).toBeUndefined();
    expect(Object.getPrototypeOf(body[1])).toBe(Object.prototype);
    expect(Object.keys(body[1])).toEqual(["__proto__"]);
  });
});

describe("a push in kombu's envelope", () => {
  it.each([
    ["in base64", {}, {}],
    ["as a text", { body: "[[2, 3], {}, null]" }, { body_encoding: null }],
    ["as a text that says utf-8", { body: "[[2, 3], {}, null]" }, { body_encoding: "utf-8" }],
    ["compressed", compressed(new TextEncoder().encode("[[2, 3], {}, null]")), {}],
    ["of another spelling of UTF-8", { "content-encoding": "UTF8" }, {}],
  ])("%s is read as a message", async (_, fields, properties) => {
    const read = await decodePush(writeJson(envelope(fields, properties)));

    expect(read).toEqual({
      headers: { task: "shop.add", id: "1" },
      properties: { delivery_info: {} },
      body: [[2, 3], {}, null],
    });
  });

  it.each([
    ["pickle", [{ "content-type": "application/x-python-serialize" }], /content type application\/x-python-serialize/],
    ["binary JSON", [{ "content-encoding": "binary" }], /content encoding binary/],
    ["no content type", [{ "content-type": undefined }], /content-type is missing/],
    ["no delivery tag", [{}, { delivery_tag: undefined }], /properties.delivery_tag is missing/],
    ["no delivery info", [{}, { delivery_info: undefined }], /properties.delivery_info is missing/],
    ["an unknown body encoding", [{}, { body_encoding: "base85" }], /body_encoding: expected one of base64, utf-8/],
    ["a body that is no base64", [{ body: "%%%" }], /body: not base64/],
    ["a body that is no UTF-8", [{ body: btoa("\xff\xfe") }], /the body is not UTF-8/],
    ["a body that is no JSON", [{ body: btoa("- 2\n- 3") }], /Not JSON at character 0/],
    ["a body of two elements", [{ body: btoa("[[], {}]") }], /body: expected at least 3 items/],
    ["headers that are null", [{ headers: null }], /headers: expected object, found null/],
    ["bzip2", [{ headers: { compression: "application/x-bz2" } }], /compression 'application\/x-bz2' is not supported/],
    ["no zlib stream", [{ headers: { compression: "application/x-gzip" } }], /not a zlib stream/],
    ["a stream that is cut off", [cutOff(-10)], /not a zlib stream/],
    ["a stream that lacks its last byte only", [cutOff(-1)], /not a zlib stream/],
    ["a stream of nothing", [cutOff(-100)], /not a zlib stream/],
    ["17 MiB in 17 kB", [compressed(new Uint8Array(17 * 1024 * 1024))], /at most 16777216 bytes/],
  ] satisfies readonly Refusal[])("is refused with %s", async (_, [fields, properties], problem) => {
    const refusal = decodeEnvelope(writeJson(envelope(fields, properties)));

    await expect(refusal).rejects.toThrow(InvalidMessageError);
    await expect(refusal).rejects.toThrow(problem);
  });

  it("is written for a queue under a new tag, through the nameless exchange", async () => {
    const sent = { ...message(), properties: { priority: 6, delivery_info: { exchange: "news", redelivered: true } } };
    const written = encodeEnvelope(sent, { queue: "reports", deliveryTag: "tag-2" });

    expect(parseJson(written)).toMatchObject({
      "content-type": "application/json",
      properties: {
        priority: 6,
        delivery_mode: 2,
        body_encoding: "base64",
        delivery_tag: "tag-2",
        delivery_info: { exchange: "", routing_key: "reports", redelivered: true },
      },
    });
    expect((await decodeEnvelope(written)).body).toEqual(sent.body);
  });

  it("carries texts beyond ASCII, and megabytes", async () => {
    const sent = message({}, [["héllo ✓ 😀", "x".repeat(3_000_000)], {}, null]);
    expect(await decodeEnvelope(encodeEnvelope(sent, { queue: "q", deliveryTag: "t" }))).toMatchObject({
      body: sent.body,
    });
  });

  it("is refused when it is no JSON, as a promise too", async () => {
    const refusal = decodeEnvelope("hello");
    await expect(refusal).rejects.toThrow(InvalidMessageError);
  });

  it("is not taken for protocol 1 when its header names a task", async () => {
    const both = { body: btoa('{"task": "a", "id": "1", "args": []}') };
    await expect(decodePush(writeJson(envelope(both)))).rejects.toThrow("Message: body: expected tuple, found object");
  });

  it("of protocol 1 is refused without a task", async () => {
    const old = { headers: {}, body: btoa('{"id": "1", "args": [], "kwargs": {}}') };
    await expect(decodePush(writeJson(envelope(old)))).rejects.toThrow("Message: headers.task is missing");
  });

  it("of protocol 1 may leave out what has a default", async () => {
    const old = { headers: {}, body: btoa('{"task": "a", "id": "1", "taskset": "g"}') };
    const { headers, body } = await decodePush(writeJson(envelope(old)));

    expect(headers).toMatchObject({ task: "a", id: "1", group: "g", retries: 0, argsrepr: "()" });
    expect(body).toEqual([[], {}, { callbacks: null, errbacks: null, chain: null, chord: null }]);
  });
});

describe("signatures at the deepest level that JSON may have", () => {
  it("are read and written without overflowing the stack", async () => {
    let text = '{"task":"a"}';
    for (let level = 0; level < 490; level++) text = `{"task":"a","options":{"chord":${text}}}`;
    const nested = await decodePush(
      `{"v":1,"headers":{"task":"a","id":"1"},"properties":{},"body":[[],{},{"chord":${text}}]}`,
    );

    expect(await decodePush(encodePush(nested))).toEqual(nested);
  });
});

function own(fields: object): string {
  return writeJson({ v: 1, ...message(), ...fields });
}

function cutOff(end: number): object {
  const headers = { task: "a", id: "1", compression: "application/x-gzip" };
  return { headers, body: deflateSync("[[1, 2], {}, null]").subarray(0, end).toString("base64") };
}
