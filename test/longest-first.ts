/**
 * The order of test files: the longest begin first, so that no processor is left with one of them at the end while the
 * others have nothing more to do. Vitest by itself begins with those whose text is long, where it remembers no run.
 *
 * @module
 */

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes twenty seconds and more at the full level, the longest first; most of them wait more than they compute. */
export const longest: readonly string[] = [
  "test/runtime/suites/suites.test.ts",
  "test/property/http.test.ts",
  "apps/demo/test/start.test.ts",
  "test/runtime/acceptance.test.ts",
  "test/property/kit-first.test.ts",
  "test/package/fresh-clone.test.ts",
  "test/property/kit-second.test.ts",
  "test/processes/canvases.test.ts",
  "test/package/published.test.ts",
  "test/processes/faults.test.ts",
  "test/runtime/beat.test.ts",
  "test/flow/acks-early-faults.test.ts",
  "test/property/eager.test.ts",
  "test/security/fuzz-worker.test.ts",
  "test/mutants/mutants.test.ts",
  "test/package/deploy.test.ts",
  "test/flow/backends-agree.test.ts",
  "test/flow/store-scripts.test.ts",
  "test/flow/beat-once.test.ts",
  "packages/gateway/test/push-patience.test.ts",
  "packages/cli/test/dev.test.ts",
  "packages/cli/test/examples.test.ts",
  "packages/cli/test/every-change.test.ts",
];

/** Those first, then all others as they are found. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return await Promise.resolve(files.toSorted((one, other) => placeOf(one) - placeOf(other)));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((path) => moduleId.endsWith(`/${path}`));
  return place < 0 ? longest.length : place;
}
