import process from "node:process";
import { State } from "umbel/events";
import { afterEach, expect, it, vi } from "vitest";
import { showLive } from "../src/live/live-view.ts";

afterEach(() => void vi.restoreAllMocks());

it.each([0, 1])("gives the terminal back and tells why when drawing fails, after %i drawings", async (drawings) => {
  const modes: boolean[] = [];
  let written = "";
  // Vitest has no terminal: what one would be told is kept.
  vi.spyOn(process.stdout, "write").mockImplementation((text) => (written += String(text)) !== "");
  Object.assign(process.stdin, { setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  let drawn = 0;
  const receiver = {
    get state() {
      drawn += 1;
      if (drawn > drawings) throw new RangeError("no such time");
      return new State();
    },
  };
  const live = { receiver, terminal: { paint }, silence: () => undefined, interval: 1, revoke: async () => undefined };

  await expect(showLive(live, new AbortController().signal)).rejects.toThrow("no such time");

  expect(modes).toEqual([true, false]);
  expect(written.endsWith("\u001B[?25h\u001B[?1049l")).toBe(true);
});

function paint(_style: string, text: string): string {
  return text;
}
