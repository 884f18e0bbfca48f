import type { Reporter, SerializedError, TestModule } from "vitest/node";

declare module "vitest" {
  interface TaskMeta {
    /** What a test says that has run a whole suite elsewhere: on which runtime, and that run's own tally. */
    tally?: string;
  }
}

/**
 * Ends a run with the line that CI reads: `N passed, N failed`, skipped tests named when there are any. Before it stand the
 * tallies of runs that a test was the whole of, whose tests the last line does not count.
 */
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const failed = count("failed") + brokenFiles + unhandled.length;
    const skipped = count("skipped");
    const tail = skipped > 0 ? `, ${skipped} skipped` : "";
    for (const { tally } of tests.map((test) => test.meta())) if (tally !== undefined) console.log(tally);
    console.log(`${count("passed")} passed, ${failed} failed${tail}`);
  }
}
