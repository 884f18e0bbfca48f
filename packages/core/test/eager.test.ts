import { ImproperlyConfigured } from "@umbel/protocol";
import { expect, it } from "vitest";
import { Umbel } from "../src/app.ts";

it("a call that is to run here, where nothing can run it, is refused with what to do", async () => {
  const app = new Umbel("shop", { taskAlwaysEager: true });
  const add = app.task("shop.add", (x: number, y: number) => x + y);

  const sent = add.delay(1, 1);

  await expect(sent).rejects.toThrow(ImproperlyConfigured);
  await expect(sent).rejects.toThrow('new Umbel("shop", { eager: eager() }) with eager of umbel/eager');
});
