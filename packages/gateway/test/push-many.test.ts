/** A gateway on which very many messages wait for their time. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { openServices } from "../src/push/services.ts";
import { openDatabase } from "../src/store/database.ts";
import { type GatewayProcess, runtimes, startProcess } from "./gateway-process.ts";
import { startDestination, until } from "./push-harness.ts";

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Leaves so many messages of half a kilobyte in a folder, due in a year, to three hosts. */
function fill(folder: string, count: number): void {
  const database = openDatabase(join(folder, "gateway.db"));
  openServices({ database, signingKeys: { current: "a", next: "b" }, newId: () => "", deadLetterRetention: 1 });
  const due = Date.now() + 365 * 86_400_000;
  database
    .prepare(
      `INSERT INTO lane (name, kind, created_at, updated_at) VALUES ('host:0', 'free', 0, 0), ('host:1', 'free', 0, 0), ('host:2', 'free', 0, 0)`,
    )
    .run();
  database
    .prepare(
      `WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
        INSERT INTO message (id, state, lane, due, created_at, not_before, host, path, draft, body)
        SELECT n, 'CREATED', 'host:' || (n % 3), ?2 + n, 0, 0, n % 3, '/', '{}', zeroblob(500) FROM number`,
    )
    .run(count, due);
  database.close();
}

/** Kibibytes of memory that a process has. */
function memoryOf(gateway: GatewayProcess): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(gateway.process.pid)], { encoding: "utf8" }));
}

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";

describe.each(isFull ? runtimes : (["bun"] as const))(
  "a gateway on %s with a hundred thousand delayed messages",
  (runtime) => {
    it("holds none of them in memory, and delivers what comes", async () => {
      const destination = await startDestination();
      const serve = async (folder: string): Promise<number> => {
        const gateway = await startProcess(runtime, folder);
        const before = destination.arrivals.length;
        await gateway.client.publish({ url: destination.url });
        await until(() => destination.arrivals.length === before + 1);
        return memoryOf(gateway);
      };
      const full = directory();
      fill(full, 100_000);

      const [empty, loaded] = [await serve(directory()), await serve(full)];

      // Their bodies alone are 50 MB. What is left is chance, and SQLite's cache.
      expect(loaded - empty).toBeLessThan(25_000);
    });
  },
);
