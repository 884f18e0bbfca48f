/**
 * A program that starts, outside of workerd, what tests within it need and cannot have there: a gateway, a store, an
 * endpoint that is reached from elsewhere. It ends when its input does.
 *
 * borrow.ts asks it over HTTP: a function is called by name, and what it returns is told as far as it is data; where that
 * has functions, these can be called in turn.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { openGateway } from "../../../gateway.ts";
import { serve } from "../../../serve.ts";
import { engines, serveClockedStore, serveStore } from "../../../store.ts";
import { holdEndpoint } from "./held-endpoint.ts";

/** What it says, as a line of JSON, once it can be asked. */
export interface Offer {
  readonly url: string;
  readonly engines: typeof engines;
}

/** A call of a function of what was lent before; of the lender's own without `id`. */
export interface Call {
  readonly id?: string;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What came of it; `id` where it has functions of its own. */
export interface Answer<Value = unknown> {
  readonly id?: string;
  readonly value: Value;
}

/** What can be borrowed. */
const shop: object = { openGateway, serveStore, serveClockedStore, holdEndpoint };

/** All that is lent, and under no id the shop itself. */
const lent = new Map<string | undefined, object>([[undefined, shop]]);

const { url } = await serve(async (request) => {
  try {
    return Response.json(await call(JSON.parse(await request.text())));
  } catch (error) {
    return new Response(String(error), { status: 500 });
  }
});
const offer: Offer = { url, engines };
console.log(JSON.stringify(offer));
process.stdin.resume().once("end", () => process.exit());

async function call({ id, name, args }: Call): Promise<Answer> {
  const whose = lent.get(id) ?? {};
  const asked: unknown = Reflect.get(whose, name);
  if (typeof asked !== "function") throw new TypeError(`Nothing that was lent has a function ${name}`);
  const value: unknown = await Reflect.apply(asked, whose, args);
  if (typeof value !== "object" || value === null || !hasFunctions(value)) return { value: value ?? null };
  const own = randomUUID();
  lent.set(own, value);
  return { id: own, value };
}

function hasFunctions(value: object): boolean {
  return Object.values(value).some((each) => typeof each === "function");
}
