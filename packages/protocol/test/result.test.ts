import { describe, expect, it } from "vitest";
import { decodeGroup, decodeResult, encodeGroup, encodeResult, InvalidMessageError } from "../src/index.ts";

const least = { status: "SUCCESS", result: 5, task_id: "1" };

describe("decodeResult", () => {
  it("takes what Celery's client takes: a status, a result and an id", () => {
    expect(decodeResult(JSON.stringify(least))).toEqual({ ...least, traceback: null, children: null, date_done: null });
  });

  it("keeps stamps, and what else this version does not know", () => {
    expect(decodeResult(JSON.stringify({ ...least, stamped_headers: ["tenant"], tenant: 7 }))).toMatchObject({
      tenant: 7,
    });
  });

  it("keeps a large integer and a NaN", () => {
    const text = '{"status":"SUCCESS","result":[1180591620717411303424,NaN],"task_id":"1"}';
    expect(encodeResult(decodeResult(text))).toContain('"result":[1180591620717411303424,NaN]');
  });

  it.each([
    ["no result", '{"status":"SUCCESS","task_id":"1"}', "Result: result is missing"],
    [
      "a date that is none",
      JSON.stringify({ ...least, date_done: "now" }),
      "Result: date_done: expected an ISO 8601 date and time",
    ],
    [
      "a child that is none",
      JSON.stringify({ ...least, children: [["1", null]] }),
      "Result: children: expected a list of result tuples",
    ],
    ["no JSON", "SUCCESS", "Not JSON at character 0"],
  ])("refuses %s", (_, text, problem) => {
    expect(() => decodeResult(text)).toThrow(InvalidMessageError);
    expect(() => decodeResult(text)).toThrow(problem);
  });
});

describe("a group", () => {
  it("is stored as Celery stores it, and read again", () => {
    const group = {
      id: "g",
      tuple: [
        ["g", null],
        [
          [["1", null], null],
          [["2", [["p", null], null]], null],
        ],
      ],
    } as const;

    expect(JSON.parse(encodeGroup(group))).toEqual({ result: group.tuple });
    expect(decodeGroup("g", encodeGroup(group))).toEqual(group);
  });

  it.each(["{}", '{"result":[["g",null]]}', '{"result":[["g",null],[["1"]]]}', '{"result":[[1,null],[]]}'])(
    "is not read from %s",
    (text) => {
      expect(() => decodeGroup("g", text)).toThrow(InvalidMessageError);
    },
  );
});
