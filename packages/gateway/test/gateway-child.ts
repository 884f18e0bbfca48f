/**
 * A gateway in a process of its own, for tests that kill it: `gateway-child.ts DIRECTORY`. Says where it listens.
 *
 * @module
 */

import { serveGateway } from "../src/serve.ts";

const [, , data = ":memory:"] = process.argv;
const { url, restUrl } = await serveGateway({
  data,
  port: 0,
  restPort: 0,
  environment: () => undefined,
  log: () => {},
});
console.log(JSON.stringify({ url, restUrl }));
