/**
 * Celery's own model of a cluster, in Python, where it is installed.
 *
 * @module
 */

import { spawnSync } from "node:child_process";

const python = "/usr/bin/python3";

/** Whether there is a Python with Celery; says how to get it when there is none. */
export const hasCelery: boolean = spawnSync(python, ["-c", "import celery"]).status === 0;

if (!hasCelery) {
  const advice = "Python's Celery is missing: apt-get install python3-celery";
  if (process.env["UMBEL_REQUIRE_ALL"] === "1") throw new Error(advice);
  console.warn(`Skipped: events beside Celery's own State. ${advice}`);
}

/** An event, and what is known of a task or worker afterwards. */
export type Fields = Readonly<Record<string, unknown>>;

/** What Celery makes of events. */
export interface CeleryState {
  readonly events: number;
  readonly received: number;
  readonly types: readonly string[];
  /** Ids of tasks, the latest first. */
  readonly order: readonly string[];
  readonly tasks: Readonly<Record<string, Fields>>;
  readonly workers: Readonly<Record<string, Fields>>;
}

/** Has Celery's Receiver and State take in each list of events, received when they were sent. */
export function celeryStates(lists: readonly (readonly object[])[]): readonly CeleryState[] {
  const { stdout, stderr, status } = spawnSync(python, ["-c", program], {
    input: JSON.stringify(lists),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python failed: ${stderr}`);
  return JSON.parse(stdout);
}

const program = `
import json, sys
from celery import Celery
from celery.events.state import State
from kombu.clocks import LamportClock

app = Celery(broker='memory://', set_as_current=False)
names = ('name state sent received started succeeded failed retried revoked rejected args kwargs eta expires retries '
         'result exception traceback runtime exchange routing_key root_id parent_id timestamp clock client pct').split()
about = 'pid freq active processed loadavg sw_ident sw_ver sw_sys clock'.split()

def task(of):
    told = {name: getattr(of, name, None) for name in names}
    told['worker'] = of.worker and of.worker.hostname
    told['children'] = sorted(child.id for child in of.children)
    return told

def worker(of):
    told = {name: getattr(of, name) for name in about}
    told['heard'] = of.heartbeats[-1] if of.heartbeats else None
    return told

def fold(events):
    receiver = app.events.Receiver(app.connection())
    clock = LamportClock()
    receiver.clock, receiver.adjust_clock, receiver.forward_clock = clock, clock.adjust, clock.forward
    state = State()
    for event in events:
        state.event(receiver.event_from_message(event, now=lambda: event['timestamp'])[1])
    return {
        'events': state.event_count, 'received': state.task_count, 'types': state.task_types(),
        'order': [uuid for uuid, _ in state.tasks_by_time()],
        'tasks': {uuid: task(each) for uuid, each in state.tasks.items()},
        'workers': {name: worker(each) for name, each in state.workers.items()},
    }

print(json.dumps([fold(events) for events in json.load(sys.stdin)]))
`;
