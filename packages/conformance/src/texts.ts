/**
 * Texts that messages refer to: kept once, never changed, and read with the claim.
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { StartBackend } from "./backend-harness.ts";
import { eventually } from "./backend-harness.ts";
import { claimOf, fenceOf, finishOf, newId } from "./requests.ts";

/** Tests `loadAll`, `saveAll`, and the texts that a claim asks for. */
export function describeTexts(start: StartBackend): void {
  describe("saveAll", () => {
    it("keeps texts exactly, to be read in the order of the question, with a gap where nothing is kept", async () => {
      const { backend } = await start();
      const [a, b] = [newId(), newId()];
      const text = `{"a":[1,"007",null]} \u0000 漢 ${a}`;

      await backend.saveAll([named(a, text), named(b, "")], 3600);

      expect(await backend.loadAll([b, newId(), a, b])).toEqual(["", undefined, text, ""]);
      expect(await backend.load(a)).toBe(text);
    });

    it("changes no text", async () => {
      const { backend } = await start();
      const name = newId();

      await backend.saveAll([named(name, "first")], 3600);
      await backend.saveAll([named(name, "second")], 3600);

      expect(await backend.loadAll([name])).toEqual(["first"]);
    });

    it("keeps a text no longer than it says", async () => {
      const harness = await start();
      const name = newId();
      await harness.backend.saveAll([named(name, "text")], harness.moment);

      const load = async () => await harness.backend.loadAll([name]);
      expect(await eventually(harness, load, ([text]) => text === undefined)).toEqual([undefined]);
    });

    it("keeps a text as long as anybody asks for", async () => {
      const harness = await start();
      const { backend } = harness;
      const [longer, shorter, gone] = [newId(), newId(), newId()];
      await backend.saveAll([named(longer, "a"), named(gone, "c")], harness.moment);
      await backend.saveAll([named(shorter, "b")], 3600);
      await backend.saveAll([named(longer, "a")], 3600);
      await backend.saveAll([named(shorter, "b")], harness.moment);

      const load = async () => await backend.loadAll([longer, shorter, gone]);
      expect(await eventually(harness, load, ([, , text]) => text === undefined)).toEqual(["a", "b", undefined]);
    });

    it("of nothing keeps nothing", async () => {
      const { backend } = await start();

      await backend.saveAll([], 3600);

      expect(await backend.loadAll([])).toEqual([]);
    });
  });

  describe("a claim that asks for texts", () => {
    it("has them with the fence, in order, with a gap where nothing is kept", async () => {
      const { backend } = await start();
      const [id, name] = [newId(), newId()];
      await backend.saveAll([named(name, "text")], 3600);

      const claimed = await backend.claim(claimOf(id, { load: [newId(), name] }));

      expect(claimed).toMatchObject({ answer: "run", texts: [undefined, "text"] });
    });

    it("has them again for the same token", async () => {
      const { backend } = await start();
      const [id, name] = [newId(), newId()];
      await backend.saveAll([named(name, "text")], 3600);
      const request = claimOf(id, { load: [name] });

      const first = await backend.claim(request);

      expect(await backend.claim(request)).toEqual(first);
    });

    it("has them where it is to end what will not run", async () => {
      const { backend } = await start();
      const [id, name] = [newId(), newId()];
      await backend.saveAll([named(name, "text")], 3600);
      await backend.revoke({ ids: [id], terminate: false, retention: 3600 });

      const claimed = await backend.claim(claimOf(id, { load: [name] }));

      expect(claimed).toMatchObject({ answer: "revoked", texts: ["text"] });
    });

    it("has none when there is nothing to end", async () => {
      const { backend } = await start();
      const [id, name] = [newId(), newId()];
      await backend.saveAll([named(name, "text")], 3600);
      await backend.finish(finishOf(id, fenceOf(await backend.claim(claimOf(id)))));

      const claimed = await backend.claim(claimOf(id, { load: [name] }));

      expect(claimed).toEqual({ answer: "done", state: "SUCCESS", effects: [] });
    });
  });
}

function named(name: string, text: string): { readonly name: string; readonly text: string } {
  return { name, text };
}
