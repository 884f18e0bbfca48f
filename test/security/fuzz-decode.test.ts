/** Every reader of the protocol, before texts of an attacker: it reads, or refuses in words of its own, soon. */

import * as protocol from "@umbel/protocol";
import { qstash, withPushes } from "@umbel/qstash";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "./growth.ts";
import { assertUnpolluted, hostileText, hostileValue, mutationsOf, runs } from "./hostile.ts";
import * as samples from "./samples.ts";

const broker = withPushes(qstash()(() => undefined));

/** Everything that makes a value of a text from outside, and good texts for it. */
const readers: readonly {
  readonly name: string;
  readonly good: readonly string[];
  readonly read: (text: string) => unknown;
}[] = [
  { name: "parseJson", good: samples.pushes, read: protocol.parseJson },
  {
    name: "decodePush",
    good: [...samples.pushes, ...samples.envelopes, ...samples.captured],
    read: rewritten(protocol.decodePush, protocol.encodePush),
  },
  { name: "decodeEnvelope", good: [...samples.envelopes, ...samples.captured], read: protocol.decodeEnvelope },
  {
    name: "decodeSignature",
    good: samples.signatures,
    read: (text) => protocol.decodeSignature(protocol.parseJson(text)),
  },
  { name: "decodeResult", good: samples.results, read: readResult },
  { name: "decodeGroup", good: samples.groups, read: (text) => protocol.decodeGroup("g", text) },
  { name: "decodeEffects", good: samples.effects, read: rewritten(protocol.decodeEffects, protocol.encodeEffects) },
  {
    name: "decodeChordPart",
    good: samples.chordParts,
    read: rewritten(protocol.decodeChordPart, protocol.encodeChordPart),
  },
  { name: "openFailure", good: samples.callbacks, read: (text) => broker.openFailure(text) },
  { name: "decodeEvent", good: samples.events, read: (text) => protocol.decodeEvent(protocol.parseJson(text)) },
  { name: "decodeEvents", good: [...samples.envelopes, ...samples.captured], read: protocol.decodeEvents },
  {
    name: "decodeControlRequest",
    good: [...samples.envelopes, ...samples.captured],
    read: protocol.decodeControlRequest,
  },
  { name: "decodeControlReply", good: [...samples.envelopes, ...samples.captured], read: protocol.decodeControlReply },
  { name: "readDate", good: ['"2026-01-01T00:00:00.000000+00:00"'], read: protocol.readDate },
  { name: "secondsOf", good: ['"1h30m"', "1.5"], read: protocol.secondsOf },
  { name: "baseUrl", good: ['"https://a.test/b"'], read: (text) => protocol.baseUrl("SETTING", text) },
];

/** Milliseconds of the processor that one text may take: hundreds of times what the longest does. */
const longest = 3000;

describe("a text from outside", () => {
  it.each(readers)(
    "is read by $name, or refused with an error of ours, and changes nothing else",
    async ({ good, read }) => {
      const text = fc.oneof({ weight: 1, arbitrary: hostileText }, { weight: 2, arbitrary: mutationsOf(good) });

      await fc.assert(
        fc.asyncProperty(text, async (each) => {
          const from = cpuTime();
          const error = await thrownBy(() => read(each));
          expect(cpuTime() - from).toBeLessThan(longest);
          expect(error instanceof protocol.UmbelError ? undefined : error).toBeUndefined();
          assertUnpolluted();
        }),
        { numRuns: runs },
      );
    },
  );

  it.each(readers)("that is good is read by $name: what the others are mutations of", async ({ name, good, read }) => {
    const text =
      name === "readDate" || name === "secondsOf" || name === "baseUrl"
        ? String(JSON.parse(good[0] ?? ""))
        : (good[0] ?? "");
    const isMeant = !/Event|Control/.test(name) || name === "decodeEvent";

    const error = await thrownBy(() => read(text));

    expect(error === undefined).toBe(isMeant);
  });
});

describe("a version that cannot even be printed", () => {
  it("is a version that is not known", async () => {
    const error = await thrownBy(async () => await protocol.decodePush('{"v":{"toString":[]}}'));

    expect(error).toBeInstanceOf(protocol.UnsupportedVersionError);
  });
});

describe("a value from outside", () => {
  it("is shown by repr, told by a traceback and made a failure, whatever it is", () => {
    fc.assert(
      fc.property(hostileValue, hostileText, (value, text) => {
        const error = Object.assign(new Error(text), { name: text, stack: `${text}\n at ${text}:1:1\n${text}@x:1:1` });
        expect(protocol.repr(value).length).toBeLessThanOrEqual(1024);
        expect(typeof protocol.tracebackOf(error)).toBe("string");
        const failure = protocol.failureIn(JSON.parse(JSON.stringify(protocol.failureOf(error))));
        expect(protocol.errorOf(protocol.failureIn(value), { taskId: "a" })).toBeInstanceOf(protocol.UmbelError);
        expect(typeof protocol.messageOf(failure)).toBe("string");
        assertUnpolluted();
      }),
      { numRuns: runs },
    );
  });
});

/** What a call throws, sooner or later; undefined when it does not. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error ?? new Error("nothing was thrown, but thrown");
  }
}

/** Reads, and writes what was read: what is let in can be sent on. */
function rewritten<Value>(read: (text: string) => Value | Promise<Value>, write: (value: Value) => string) {
  return async (text: string) => write(await read(text));
}

/** A result is read to be shown: its failure, its date, its children. */
function readResult(text: string): unknown {
  const meta = protocol.decodeResult(text);
  const failure = protocol.failureIn(meta.result);
  return [
    protocol.errorOf(failure, { taskId: meta.task_id }),
    protocol.reprOf(failure),
    meta.date_done && protocol.readDate(meta.date_done),
  ];
}
