#!/usr/bin/env node
/** What `npx @umbel/gateway` starts. */

import process from "node:process";
import { runGateway } from "./program.ts";

await runGateway(process.argv.slice(2));
