/** A web handler that only enqueues, in a program that reads no results: it needs no backend. */

import { type Task, Umbel } from "umbel";
import { qstash } from "umbel/qstash";

const app: Umbel = new Umbel("shop", { broker: qstash() });
const add: Task<[x: number, y: number], number> = app.task("shop.add", (x: number, y: number) => x + y);

/** What Workers call. */
export default {
  async fetch(_request: Request, environment: object): Promise<Response> {
    app.useEnvironment(environment);
    const { id } = await add.delay(2, 3);
    return Response.json({ id }, { status: 202 });
  },
};
