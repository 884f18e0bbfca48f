/**
 * Whether the workers of all queues can be reached, and have the tasks that are sent to them.
 *
 * @module
 */

import type { AccountKeys } from "@umbel/qstash";
import type { Umbel } from "umbel";
import { knownQueues } from "../application/known-queues.ts";
import { many } from "../many.ts";
import { askWorker, type Host, PushRefused, Stranger } from "./ask-worker.ts";
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
    return [bad(what, answer.message, remedyOf(answer))];
  }
  const found = [...declined(answer, queue), ...missing(app, answer, queue)];
  const { target, worker, tasks } = answer;
  return found.length > 0 ? found : [good(what, `${target} is ${worker}, with ${many(tasks.length, "task")}`)];
}

function remedyOf(error: Error): string {
  if (error instanceof PushRefused) return asBroker;
  return error instanceof Stranger
    ? "mend UMBEL_WORKER_URL or UMBEL_QUEUES, its port and its path: umbel worker prints the address that it is served at"
    : "start the worker, or mend UMBEL_WORKER_URL or UMBEL_QUEUES";
}

/** The worker was told which queues are its own, and this is none of them: what comes of it waits. */
function declined({ target, worker, queues }: Host, queue: string): readonly Finding[] {
  if (queues === undefined || queues.includes(queue)) return [];
  const detail = `${worker} at ${target} serves only ${queues.join(", ")}: what is sent to ${queue} waits`;
  const fix = `name the worker of ${queue} in UMBEL_QUEUES, or have this one serve it too, by -Q or worker(app, { queues })`;
  return [warning(`route ${queue}`, detail, fix)];
}

/** The worker lacks tasks that are sent to this queue. */
function missing({ tasks, conf }: Umbel, host: Host, queue: string): readonly Finding[] {
  const sent = [...tasks.values()].filter(({ name, options }) => {
    return (
      !name.startsWith("celery.") && !name.startsWith("umbel.") && (options.queue ?? conf.taskDefaultQueue) === queue
    );
  });
  const names = sent.map(({ name }) => name).filter((name) => !host.tasks.includes(name));
  if (names.length === 0) return [];
  const fix = `deploy the module that has ${names.length === 1 ? "it" : "them"} there, or route elsewhere by taskRoutes`;
  return [warning(`route ${queue}`, `${host.worker} at ${host.target} has no ${names.join(", ")}`, fix)];
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
