/**
 * Runs before a part's own program: ends the part when its starter is gone, however that died.
 *
 * The starter holds the other end of the part's standard input, which the system closes with it.
 *
 * @module
 */

// Deno lets nothing else run while a preloaded module waits for something; a timer that holds nobody up comes later.
setTimeout(listen, 1).unref();

function listen(): void {
  process.stdin.on("end", stop).on("error", stop).resume();
}

function stop(): void {
  process.kill(process.pid, "SIGTERM");
}
