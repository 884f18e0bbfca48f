/** What docs/deploy.md shows of worker, web app and beat in one Worker runs under `wrangler dev`, as the page says. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDoorway } from "../doorway.ts";
import { openGateway } from "../gateway.ts";
import { repository } from "../running-program.ts";
import { until } from "../until.ts";
import { isFull } from "./offline-machine.ts";
import { shellIn } from "./shell.ts";

const page = await readFile(join(repository, "docs/deploy.md"), "utf8");
const [, section = ""] = page.split("## Cloudflare: all in one Worker\n");

/** Starts a process of wrangler and one of workerd: the full level only. */
it.runIf(isFull)("takes an order, charges it, and has its cron send a run", async () => {
  const doorway = await openDoorway();
  onTestFinished(doorway.close);
  const gateway = await openGateway({ UMBEL_WORKER_URL: doorway.url });
  onTestFinished(async () => await gateway.close());
  const folder = await projectWith({ ...gateway.variables, UMBEL_WORKER_URL: doorway.url });

  const wrangler = shellIn(folder, environmentIn(folder)).start(`${command()} --port 0 --ip 127.0.0.1`);
  const [, port] = await wrangler.until(/Ready on http:\/\/127\.0\.0\.1:(\d+)/);
  doorway.leadTo(Number(port));

  const ordered = await fetch(`${doorway.url}/orders/o-1`, { method: "POST" });
  const { id } = await ordered.json();
  await wrangler.until(new RegExp(`Task shop\\.charge\\[${id}\\] succeeded in .*: 'charged o-1'`));
  const ticked = await fetch(`${doorway.url}/__scheduled`);

  expect([ordered.status, ticked.status]).toEqual([202, 200]);
  await wrangler.until(/Sending due task every-minute \(shop\.charge\)/);
});

/** The page's files, in a folder of this tree, where the imports of a program are found. */
async function projectWith(variables: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(repository, "test/.program-"));
  onTestFinished(async () => await until(async () => await isRemoved(folder)));
  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await writeFile(join(folder, "shop.ts"), block("ts"));
  await writeFile(join(folder, "wrangler.jsonc"), block("jsonc"));
  const lines = Object.entries(variables).map(([name, text]) => `${name}=${text}\n`);
  await writeFile(join(folder, ".dev.vars"), lines.join(""));
  return folder;
}

/** What wrangler started may write there a moment longer than itself. */
async function isRemoved(folder: string): Promise<boolean> {
  return await rm(folder, { recursive: true, force: true }).then(
    () => true,
    () => false,
  );
}

function block(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section) ?? [];
  if (text === undefined) throw new Error(`docs/deploy.md shows no ${language} for one Worker`);
  return text;
}

/** The page's command, on this tree's sources. */
function command(): string {
  const [, line] = /^(npx wrangler dev .*?) +#/m.exec(section) ?? [];
  if (line === undefined) throw new Error("docs/deploy.md has no command for one Worker");
  return line;
}

function environmentIn(folder: string): Record<string, string> {
  return {
    PATH: `${join(repository, "node_modules/.bin")}:${process.env["PATH"]}`,
    HOME: folder,
    CI: "true",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_BUILD_CONDITIONS: "@umbel/source,workerd,worker,browser",
  };
}
