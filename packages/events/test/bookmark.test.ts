import { describe, expect, it } from "vitest";
import { Bookmark } from "../src/bookmark.ts";

const many = 20_000;

/** Hears events that nobody keeps, as a feed does; returns the most that was remembered, and how often the past was read. */
function hearOthers(bookmark: Bookmark, last: { id: string; at: number; text: string } | undefined) {
  let [most, readings] = [0, 0];
  for (let nth = 0; nth < many; nth += 1) {
    bookmark.hear(`other ${nth}`);
    if (bookmark.isReadingDue) {
      bookmark.endReading();
      readings += 1;
    } else if (bookmark.isMarkDue) bookmark.mark(last);
    most = Math.max(most, bookmark.remembered);
  }
  return { most, readings };
}

describe("a bookmark", () => {
  it("remembers little of what others publish while nothing is kept", () => {
    expect(hearOthers(new Bookmark(undefined), undefined)).toEqual({ most: 99, readings: 0 });
  });

  it("remembers little of it where the last kept event was heard", () => {
    expect(hearOthers(new Bookmark("5-0"), { id: "5-0", at: 5, text: "heard" })).toEqual({ most: 99, readings: 0 });
  });

  it("has a bound where the last kept event is older than its beginning, and learns that it is", () => {
    const bookmark = new Bookmark(undefined);

    const { most, readings } = hearOthers(bookmark, { id: "5-0", at: 5, text: "old" });

    expect({ readings, place: bookmark.place }).toEqual({ readings: 1, place: "5-0" });
    expect(most).toBeLessThan(5_200);
  });

  it("has a bound where a mark behind its place never comes", () => {
    const { most } = hearOthers(new Bookmark("4-0"), { id: "5-0", at: 5, text: "never" });

    expect(most).toBeLessThan(5_200);
  });

  it("forgets what it read of the past as the live events get beyond it", () => {
    const bookmark = new Bookmark(undefined);
    bookmark.subscribe();
    const past = Array.from({ length: 1000 }, (_, nth) => ({ id: `${nth}-0`, at: nth, text: `kept ${nth}` }));
    for (const event of past) expect(bookmark.read(event)).toBe(true);
    bookmark.endReading();
    expect(bookmark.remembered).toBe(1000);

    expect(bookmark.hear("kept 997")).toBe(false);
    expect(bookmark.remembered).toBe(2);

    for (let nth = 0; nth < 99; nth += 1) bookmark.hear(`live ${nth}`);
    bookmark.hear("last");
    bookmark.mark({ id: "1001-0", at: 1001, text: "last" });

    expect(bookmark.remembered).toBe(0);
    expect(bookmark.place).toBe("1001-0");
  });

  it("knows the twin of what it read while it was overdue", () => {
    const bookmark = new Bookmark("4-0");
    bookmark.hear("other");
    bookmark.mark({ id: "6-0", at: 6, text: "b" });

    expect(bookmark.read({ id: "5-0", at: 5, text: "a" })).toBe(true);
    expect(bookmark.read({ id: "6-0", at: 6, text: "b" })).toBe(true);
    bookmark.endReading();

    expect(["a", "b", "c"].map((text) => bookmark.hear(text))).toEqual([false, false, true]);
  });
});
