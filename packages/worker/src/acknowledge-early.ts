/**
 * Acknowledges an attempt before it runs (delivery.md 12): the broker is done with it, and its guard looks after it.
 *
 * Such an attempt is begun once at most: it is not begun again by a delivery that comes although it was acknowledged. Where
 * it cannot be guarded, or nothing would keep it going after the answer, it is acknowledged once its end is stored, as any
 * other: nothing is lost so.
 *
 * @module
 */

import { acknowledgementOf, type Application, guardOf, printable, publish, workerLogger } from "@umbel/core";
import { type Fence, secondsOf, UmbelError } from "@umbel/protocol";
import { isWithin } from "./background.ts";
import type { Delivery } from "./deliver.ts";
import { end, type Work } from "./end.ts";
import { keepLease } from "./lease.ts";

/** Runs an attempt after the answer, which this returns; undefined where it has to be run before. */
export async function acknowledgeEarly(
  app: Application,
  delivery: Delivery,
  work: Work,
): Promise<Response | undefined> {
  const { background } = delivery;
  const { held, request } = work;
  if (held.answer !== "run" || held.fence.epoch > 0 || acknowledgementOf(app, request.task).acksLate) return undefined;
  if (background === undefined || !isWithin(background.limit, request.timeLimit)) return undefined;
  if (app.hasBackend && !(await isGuarded(app, delivery, held.fence))) return undefined;
  background.keep(endUnheard(app, delivery, work));
  return Response.json({ state: "STARTED" }, { status: 202 });
}

/**
 * Sends the guard. Without a backend there is no lease that it could ask for, and nobody to tell. A broker may take its time:
 * the attempt is held meanwhile.
 */
async function isGuarded(app: Application, { message, queue, endpoint }: Delivery, fence: Fence): Promise<boolean> {
  const { id } = message.headers;
  const lease = keepLease(app, { id, fence, endpoint });
  try {
    const guard = guardOf(app, { message, queue, fence, lease: secondsOf(app.conf.workerLease) });
    const [refusal] = await publish(app, [guard]);
    if (refusal !== undefined) throw refusal.error;
    return true;
  } catch (error) {
    if (!(error instanceof UmbelError)) throw error;
    const log = app.logger({ logger: workerLogger });
    log.warning(`${printable(id)} runs before it is acknowledged: it has no guard, ${error.message}`);
    return false;
  } finally {
    await lease.stop();
  }
}

/** Nobody waits for the answer; the guard, where there is one, finds what could not be stored or sent. */
async function endUnheard(app: Application, delivery: Delivery, work: Work): Promise<void> {
  try {
    // In a turn of its own: a body that blocks must not keep back the answer.
    await app.platform.sleep(0);
    await end(app, delivery, work);
  } catch (error) {
    const { task: taskName, id: taskId } = work.request;
    const log = app.logger({ logger: workerLogger, taskName, taskId });
    const whose = app.hasBackend ? "its guard will come" : "nobody else will do it";
    log.critical(`was acknowledged, and its end could not be stored or sent; ${whose}: ${String(error)}`);
  }
}
