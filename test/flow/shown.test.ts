/** What is seen of an application, a task, a signature and a handle where they are printed, or answered as JSON. */

import { inspect } from "node:util";
import { chain, group, ResultSet, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const secret = "a-secret-of-the-environment";

async function held() {
  const { app } = world({ env: { QSTASH_TOKEN: secret } });
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const result = await chain(add.s(1, 1), add.s(2)).delay();
  const many = await group([add.s(1, 1), add.s(2, 2)]).delay();
  return { app, add, result, many, set: new ResultSet([result]) };
}

describe("what a user holds", () => {
  it("is shown by console.log as the text that it is", async () => {
    const { app, add, result, many, set } = await held();
    const signature = add.s(1, 1);

    expect(inspect(app)).toBe("<Umbel tasks>");
    for (const each of [app, add, signature, result, many, set]) {
      expect(inspect(each)).toBe(String(each));
      expect(inspect([each])).toContain(String(each));
    }
  });

  it("is as JSON what a page needs, and nothing of the application's settings", async () => {
    const { app, result, many, set } = await held();

    const shown: unknown = JSON.parse(JSON.stringify({ app, result, many, set }));

    expect(shown).toEqual({
      app: { name: "tasks" },
      result: { id: result.id },
      many: { id: many.id, results: many.ids.map((id) => ({ id })) },
      set: { results: [{ id: result.id }] },
    });
  });

  it("is the same of a class that is made from it", () => {
    class Shop extends Umbel {}

    expect(inspect(new Shop("shop"))).toBe("<Umbel shop>");
  });
});
