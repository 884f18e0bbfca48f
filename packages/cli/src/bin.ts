#!/usr/bin/env node
/** What `npx umbel` starts. */

import process from "node:process";
import { keepCompiled } from "./compiled.ts";

keepCompiled();
const { runUmbel } = await import("./run.ts");
process.exit(await runUmbel(process.argv.slice(2)));
