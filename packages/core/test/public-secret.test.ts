import { expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { warnOfPublicSecret } from "../src/public-secret.ts";
import { serving } from "../src/serving.ts";

it("tells of a public secret once in an application's life, in however many places it is served", () => {
  const lines: string[] = [];
  const app = new Umbel("shop", { log: ({ message }) => lines.push(message) });
  const other = new Umbel("shop", { log: ({ message }) => lines.push(message) });

  for (const each of [app, serving(app), serving(app), other]) warnOfPublicSecret(each, "signing keys");
  warnOfPublicSecret(serving(app), "UMBEL_BEAT_TOKEN");

  const secrets = lines.map((line) => /^No (.+) of your own:/.exec(line)?.[1]);
  expect(secrets).toEqual(["signing keys", "signing keys", "UMBEL_BEAT_TOKEN"]);
});
