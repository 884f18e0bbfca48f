/** A web handler that only enqueues. */

import { add, app } from "./shop.ts";

/** What Workers call. */
export default {
  async fetch(_request: Request, environment: object): Promise<Response> {
    app.useEnvironment(environment);
    const { id } = await add.delay(2, 3);
    return Response.json({ id }, { status: 202 });
  },
};
