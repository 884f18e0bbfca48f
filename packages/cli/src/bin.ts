#!/usr/bin/env node
/** What `npx umbel` starts. */

import process from "node:process";
import { runUmbel } from "./run.ts";

process.exit(await runUmbel(process.argv.slice(2)));
