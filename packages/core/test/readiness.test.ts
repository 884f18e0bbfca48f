import { MissingSettingError } from "@umbel/protocol";
import { expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { readiness } from "../src/readiness.ts";

function broker(): never {
  throw new MissingSettingError("SHOP_URL", "the shop");
}

it("names a variable that is missing, and ends, though the broker asks another reader than the given one", async () => {
  const check = readiness(new Umbel("shop", { broker }), () => undefined);

  const answer = await check();

  expect(await answer?.json()).toMatchObject({ code: "MISSING_SETTING", detail: "Not set: SHOP_URL" });
});
