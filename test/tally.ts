import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Ends a run with the line that CI reads: `N passed, N failed`, skipped tests named when there are any. */
export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const failed = count("failed") + brokenFiles + unhandled.length;
    const skipped = count("skipped");
    const tail = skipped > 0 ? `, ${skipped} skipped` : "";
    console.log(`${count("passed")} passed, ${failed} failed${tail}`);
  }
}
