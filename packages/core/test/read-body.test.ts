import { describe, expect, it } from "vitest";
import { readBody } from "../src/read-body.ts";

/** A request whose body comes in these pieces, and how many of them were taken. */
function streamed(pieces: readonly string[], headers: Record<string, string> = {}) {
  const taken: string[] = [];
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = left.shift();
        if (piece === undefined) return controller.close();
        taken.push(piece);
        controller.enqueue(new TextEncoder().encode(piece));
      },
    },
    { highWaterMark: 0 },
  );
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers, duplex: "half" };
  return { request: new Request("http://a.test/", init), taken };
}

describe("a body", () => {
  it("is read to its end when it is as large as it may be", async () => {
    expect(await readBody(streamed(["12", "345"]).request, 5)).toBe("12345");
    expect(await readBody(new Request("http://a.test/"), 0)).toBe("");
  });

  it("that says that it is too large is not begun", async () => {
    const { request, taken } = streamed(["1"], { "content-length": "6" });

    expect(await readBody(request, 5)).toBeUndefined();
    expect(taken).toEqual([]);
  });

  it.each(["1", "-1", "0x1", "five", ""])(
    "is left where it becomes too large when its length is said to be %j",
    async (length) => {
      const { request, taken } = streamed(["1234", "56", "78", "90"], { "content-length": length });

      expect(await readBody(request, 5)).toBeUndefined();
      expect(taken).toEqual(["1234", "56"]);
    },
  );

  it("keeps characters whole that lie across pieces, and the mark at its beginning", async () => {
    const bytes = new TextEncoder().encode("\uFEFFaé漢");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };

    expect(await readBody(new Request("http://a.test/", init), 100)).toBe("\uFEFFaé漢");
  });
});
