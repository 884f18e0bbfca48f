import { describe, expect, it } from "vitest";
import { decodeSignature, InvalidMessageError, parseJson } from "../src/index.ts";
import { capture, hasCaptures } from "./captures.ts";

const whole = { args: [], kwargs: {}, options: {}, subtask_type: null, immutable: false };
const add = { task: "add", ...whole };

describe("decodeSignature", () => {
  it("fills in what is missing as Celery does", () => {
    expect(decodeSignature({ task: "add" })).toEqual(add);
  });

  it.each([
    ["a link", { options: { link: { task: "add" } } }, { options: { link: add } }],
    ["a list of errbacks", { options: { link_error: [{ task: "add" }] } }, { options: { link_error: [add] } }],
    ["the rest of a chain", { options: { chain: [{ task: "add" }] } }, { options: { chain: [add] } }],
    ["a chord's body", { options: { chord: { task: "add" } } }, { options: { chord: add } }],
  ])("fills in %s too", (_, given, filled) => {
    expect(decodeSignature({ task: "add", ...given })).toEqual({ ...add, ...filled });
  });

  it.each([
    ["celery.chain", { tasks: [{ task: "add" }] }, { tasks: [add] }],
    ["celery.group", { tasks: [{ task: "add" }] }, { tasks: [add] }],
    [
      "celery.chord",
      { header: [{ task: "add" }], body: { task: "add" }, kwargs: {} },
      { header: [add], body: add, kwargs: {} },
    ],
    [
      "celery.chord",
      { header: { task: "celery.group", kwargs: { tasks: [{ task: "add" }] } }, body: { task: "add" } },
      { header: { task: "celery.group", ...whole, kwargs: { tasks: [add] } }, body: add },
    ],
    ["celery.map", { task: { task: "add" }, it: [1] }, { task: add, it: [1] }],
    ["celery.starmap", { task: { task: "add" }, it: [[1]] }, { task: add, it: [[1]] }],
    ["celery.chunks", { task: { task: "add" }, it: [[1]], n: 1 }, { task: add, it: [[1]], n: 1 }],
    ["shop.chain", { tasks: [{ task: "add" }] }, { tasks: [{ task: "add" }] }],
  ])("reads the parts of %s", (task, kwargs, read) => {
    expect(decodeSignature({ task, kwargs }).kwargs).toEqual(read);
  });

  it.each([
    [{}, "Signature: task is missing"],
    [{ task: "" }, "Signature: task: expected at least 1 characters"],
    [{ task: "celery.chain" }, "Signature: kwargs.tasks is missing"],
    [{ task: "celery.chain", kwargs: { tasks: [{}] } }, "Signature: kwargs.tasks.0.task is missing"],
    [
      { task: "celery.chord", kwargs: { header: [], body: 1 } },
      "Signature: kwargs.body: expected object, found number",
    ],
    [
      { task: "celery.chord", kwargs: { header: [{ task: 1 }], body: add } },
      "Signature: kwargs.header.0.task: expected string",
    ],
    [{ task: "add", subtask_type: "ring" }, "Signature: subtask_type: expected one of chain, group"],
    ["add", "Signature: expected object, found string"],
  ])("refuses %j and says where", (value, problem) => {
    expect(() => decodeSignature(value)).toThrow(InvalidMessageError);
    expect(() => decodeSignature(value)).toThrow(problem);
  });

  it.skipIf(!hasCaptures)("reads each kind that Python writes, and changes nothing in it", () => {
    const [message] = capture("5.6.3/publish/signature-json").messages;
    const [signatures] = Object(parseJson(JSON.stringify(message?.body)));

    expect(signatures).toHaveLength(12);
    expect(signatures.map(decodeSignature)).toEqual(signatures);
  });
});
