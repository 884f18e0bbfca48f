/**
 * Runs before a part's own program: ends the part when its starter is gone, however that died.
 *
 * It looks, rather than waits for a pipe to close: Deno lets no program begin while a preloaded module waits.
 *
 * @module
 */

/** The starter's process id; whoever adopts a part has another. */
const starter = Number(process.env["UMBEL_STARTER"]);

setInterval(() => {
  if (process.ppid !== starter) process.kill(process.pid, "SIGTERM");
}, 250).unref();
