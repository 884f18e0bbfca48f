/**
 * Which attempts run in this process.
 *
 * @module
 */

import { around, type Umbel } from "umbel";

/** The attempts that run now. */
export interface RunningTasks {
  /** Of each its task's name and its id, as logs have them: `shop.add[ID]`. */
  calls(): readonly string[];
}

/** Follows what an application runs from now on. `tell` gets the tasks' names, each once, now and whenever others run. */
export function followTasks(app: Umbel, tell: (names: readonly string[]) => void): RunningTasks {
  const running = new Set<{ readonly task: string; readonly id: string }>();
  const names = (): readonly string[] => [...new Set([...running].map(({ task }) => task))];
  tell([]);
  around(app, {
    async attempt({ request: { task, id } }, proceed) {
      const attempt = { task, id };
      running.add(attempt);
      tell(names());
      try {
        await proceed();
      } finally {
        running.delete(attempt);
        tell(names());
      }
    },
  });
  return { calls: () => [...running].map(({ task, id }) => `${task}[${id}]`) };
}
