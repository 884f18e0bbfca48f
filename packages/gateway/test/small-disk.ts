/**
 * A disk with little room, as a folder: a file system in memory, mounted for one test.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

/** A folder on a disk of its own. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all room but so many bytes. */
  fill(left: number): void;
  /** Gives back what was taken. */
  empty(): void;
}

/** Whether a disk can be mounted here; says once what is missing when not. No program that is installed would help. */
export const canMount: boolean = tryMount();

if (!canMount) console.warn("Skipped: tests that fill a disk (run them as root on Linux, where mounting is allowed)");

/** Mounts a disk of so many bytes, until the test has finished. */
export function mountDisk(size: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "umbel-disk-"));
  const { status, stderr } = mount(path, size);
  if (status !== 0) throw new Error(`mount: ${stderr}`);
  // Lazily: a process that the test has just killed may still have a file open.
  onTestFinished(() => {
    spawnSync("umount", ["--lazy", path]);
    rmSync(path, { recursive: true });
  });

  const ballast = join(path, "ballast");
  return {
    path,
    fill(left) {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
    },
    empty: () => truncateSync(ballast),
  };
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), "umbel-disk-"));
  const isMounted = mount(path, 65_536).status === 0;
  if (isMounted) spawnSync("umount", [path]);
  rmSync(path, { recursive: true });
  return isMounted;
}

function mount(path: string, size: number): { status: number | null; stderr: string } {
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path], { encoding: "utf8" });
}
