/**
 * Whether the workers of all queues can be reached, and have the tasks that are sent to them.
 *
 * @module
 */

import type { AccountKeys } from "@umbel/qstash";
import type { Umbel } from "umbel";
import { knownQueues } from "../application/known-queues.ts";
import { askWorker, type Host, PushRefused } from "./ask-worker.ts";
import { bad, type Finding, good, warning } from "./finding.ts";

/** Each queue's worker, clocks that are wrong, and names that two workers have. */
export async function lookAtRoutes(app: Umbel, keys: AccountKeys | undefined): Promise<readonly Finding[]> {
  const routes = knownQueues(app).map((queue) => ({ queue, target: targetOf(app, queue) }));
  const targets = [...new Set(routes.flatMap(({ target }) => (typeof target === "string" ? target : [])))];
  const answers = new Map(await Promise.all(targets.map(async (each) => [each, await askWorker(each, keys)] as const)));
  const hosts = [...answers.values()].flatMap(({ said }) => ("target" in said ? said : []));
  return [
    ...routes.flatMap(({ queue, target }) =>
      lookAtRoute(app, queue, typeof target === "string" ? answers.get(target)?.said : target),
    ),
    ...[...answers.values()].flatMap(({ clock }) => clock ?? []),
    ...doubles(hosts),
  ];
}

/** The address of a queue's worker, or what is wrong with it. */
function targetOf(app: Umbel, queue: string): string | Error | undefined {
  try {
    return app.broker.targetOf?.(queue) ?? new Error("no worker is mapped to it");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function lookAtRoute(app: Umbel, queue: string, answer: Host | Error | undefined): readonly Finding[] {
  const what = `route ${queue}`;
  if (answer === undefined) return [];
  if (answer instanceof Error) {
    const fix = answer instanceof PushRefused ? asBroker : "start the worker, or mend UMBEL_WORKER_URL or UMBEL_QUEUES";
    return [bad(what, answer.message, fix)];
  }
  const sent = [...app.tasks.values()].filter(({ name, options }) => {
    return (
      !name.startsWith("celery.") &&
      !name.startsWith("umbel.") &&
      (options.queue ?? app.conf.taskDefaultQueue) === queue
    );
  });
  const missing = sent.map(({ name }) => name).filter((name) => !answer.tasks.includes(name));
  if (missing.length === 0)
    return [good(what, `${answer.target} is ${answer.worker}, with ${answer.tasks.length} tasks`)];
  const fix = `deploy the module that has ${missing.length === 1 ? "it" : "them"} there, or route elsewhere by taskRoutes`;
  return [warning(what, `${answer.worker} at ${answer.target} has no ${missing.join(", ")}`, fix)];
}

/** What a worker has in common with its broker. */
const asBroker =
  "where the worker runs, set the broker's QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY, UMBEL_PUBLIC_URL behind a proxy, and its clock by NTP";

/** Two endpoints with one name are one for whoever watches. */
function doubles(hosts: readonly Host[]): readonly Finding[] {
  const others = hosts.filter((host, nth) => hosts.findIndex(({ worker }) => worker === host.worker) !== nth);
  return others.map(({ worker, target }) => {
    const first = hosts.find((host) => host.worker === worker)?.target ?? "";
    const fix = "give one of them another name: worker(app, { hostname }), or umbel worker -n";
    return warning("names", `${first} and ${target} are both called ${worker}`, fix);
  });
}
