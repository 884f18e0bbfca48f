/**
 * The turns of the event loop of whatever runtime this is.
 *
 * @module
 */

interface Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

// Taken when this is loaded, so that a test that replaces timers leaves the kit its own.
const immediate: unknown = Reflect.get(globalThis, "setImmediate");
const timeout = globalThis.setTimeout;

/**
 * workerd's own pipe; undefined elsewhere. What goes through it comes in the next turn, while setImmediate there is a timer
 * of a millisecond, forty times as long.
 */
const PipeOfWorkerd: unknown = Reflect.get(globalThis, "IdentityTransformStream");

/** workerd looks at its timers and sockets only when nothing else is ready: every so many turns is one by timer. */
const turnsByTimer = 32;
let taken = 0;

/** Lets everything run that is ready to: one turn of the event loop. */
export async function turn(): Promise<void> {
  taken = (taken + 1) % turnsByTimer;
  if (typeof PipeOfWorkerd === "function" && taken > 0) return await throughPipe(Reflect.construct(PipeOfWorkerd, []));
  await new Promise<void>((resolve) => {
    if (typeof immediate === "function") immediate(resolve);
    else timeout(resolve, 0);
  });
}

async function throughPipe({ readable, writable }: Pipe): Promise<void> {
  await Promise.all([writable.getWriter().write(new Uint8Array(1)), readable.getReader().read()]);
}

/** Lets so many real milliseconds pass. */
export async function pauseForReal(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => void timeout(resolve, milliseconds));
}
