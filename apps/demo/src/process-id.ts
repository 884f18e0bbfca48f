/**
 * Whether a process is there.
 *
 * @module
 */

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // Somebody else's: it is there.
  }
}
