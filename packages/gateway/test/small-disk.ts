/**
 * A disk with little room, as a folder: a file system in memory, in a mount namespace of its own.
 *
 * Only programs that are started under it see it. That takes Linux, and either root or user namespaces, which give
 * whoever asks the right to mount.
 *
 * @module
 */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

/** A folder on a disk of its own. */
export interface SmallDisk {
  readonly path: string;
  /** What a program is to be started under, so that the folder is on the disk. */
  readonly under: readonly string[];
  /** Takes all room but so many bytes. */
  fill(left: number): void;
  /** Gives back what was taken. */
  empty(): void;
}

/** Namespaces in which one may mount: as root, and as anybody. */
const ways: readonly (readonly string[])[] = [["--mount"], ["--user", "--map-root-user", "--mount"]];

const way = ways.find((each) => spawnSync("unshare", [...each, ...mountAt(tmpdir(), 65_536)]).status === 0);

/** Whether there can be a small disk here; says once what is missing when not. */
export const hasSmallDisk: boolean = way !== undefined;

if (!hasSmallDisk) {
  const advice = "Linux with unshare (util-linux), and root or user namespaces";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(`No disk can be filled here: that takes ${advice}`);
  console.warn(`Skipped: tests that fill a disk (${advice})`);
}

/** Mounts a disk of so many bytes, until the test has finished. */
export async function mountDisk(size: number): Promise<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), "umbel-disk-"));
  const pid = await holdMount(path, size);
  onTestFinished(() => rmSync(path, { recursive: true }));

  // The same folder as whoever is in the namespace sees it.
  const inside = `/proc/${pid}/root${path}`;
  const ballast = join(inside, "ballast");
  const user = way?.includes("--user") ? ["--user", "--preserve-credentials"] : [];
  return {
    path,
    under: ["nsenter", `--target=${pid}`, "--mount", ...user, "--", "env", `--chdir=${process.cwd()}`],
    fill(left) {
      const { bavail, bsize } = statfsSync(inside);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    empty: () => truncateSync(ballast),
  };
}

/** Starts a process that is in the namespace and does nothing; the namespace ends with the last one in it. */
async function holdMount(path: string, size: number): Promise<number | undefined> {
  const wait = ["sh", "-c", '"$@" && echo mounted && exec sleep infinity', "sh"];
  const holder = spawn("unshare", [...(way ?? []), ...wait, ...mountAt(path, size)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void holder.kill("SIGKILL"));
  const ended = once(holder, "exit").then(() => Promise.reject(new Error("No disk was mounted")));
  await Promise.race([once(holder.stdout, "data"), ended]);
  return holder.pid;
}

function mountAt(path: string, size: number): readonly string[] {
  return ["mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path];
}
