/**
 * A gateway in a process of its own, for tests that kill it: `gateway-child.ts DIRECTORY [SETTINGS]`. Says where it listens.
 *
 * @module
 */

import type { ChildSettings } from "./gateway-process.ts";
import { serveGateway } from "../src/serve.ts";

const [, , data = ":memory:", text = "{}"] = process.argv;
// Sound: gateway-process.ts writes it.
const settings: ChildSettings = JSON.parse(text);
const { url, restUrl } = await serveGateway({
  data,
  port: 0,
  restPort: 0,
  environment: (name) => settings.environment?.[name],
  log: settings.speaks === true ? console.log : () => {},
  ...settings.options,
});
console.log(JSON.stringify({ url, restUrl }));
