/**
 * The mutants: small patches, each of which takes one mechanism of delivery.md away, and the test that is to notice.
 *
 * The patches have no lines of context, so that a change beside them leaves them be.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestName } from "./trial.ts";

/** A mechanism that can be taken away. */
export interface Mutant {
  /** Name of its patch. */
  readonly name: string;
  /** What has to fail without the mechanism. Others may fail as well. */
  readonly killer: TestName;
}

/** Where the patches are. */
export const folder: string = fileURLToPath(new URL("./", import.meta.url));

/** All of them. */
export const mutants: readonly Mutant[] = [
  {
    name: "2xx-when-leased",
    killer: {
      file: "test/flow/crashes.test.ts",
      title: "a worker that dies > after it has claimed loses nothing: another one takes over when the lease has ended",
    },
  },
  {
    name: "cancel-before-store",
    killer: {
      file: "test/flow/revoking.test.ts",
      title: "a call that is revoked before it runs > is found revoked however late it comes",
    },
  },
  {
    name: "count-by-increment",
    killer: {
      file: "packages/memory/test/backend.test.ts",
      title: "memory as a backend > join > counts a member once and keeps what it ended with first",
    },
  },
  {
    name: "forget-additions",
    killer: {
      file: "test/flow/add-to-chord.test.ts",
      title: "a member that is added to a chord > comes after the header, owner by owner in the order of adding",
    },
  },
  {
    name: "join-by-index",
    killer: {
      file: "packages/memory/test/backend.test.ts",
      title: "memory as a backend > join > puts members without a place last, and equals in the order of their ids",
    },
  },
  {
    name: "no-deduplication",
    killer: { file: "test/flow/beat.test.ts", title: "a tick > sends once when two come at the same time" },
  },
  {
    name: "no-epoch",
    killer: {
      file: "test/flow/crashes.test.ts",
      title: "a dead lease > is taken over under a higher epoch, and the old holder's end is refused",
    },
  },
  {
    name: "no-guard",
    killer: {
      file: "test/flow/acks-early.test.ts",
      title:
        "a worker that dies after it has acknowledged > leaves a guard that fails the task and tells errback, chain and chord",
    },
  },
  {
    name: "no-outbox-heal",
    killer: {
      file: "test/flow/crashes.test.ts",
      title:
        "a worker that dies > after it has stored the end, before it has sent what follows: the redelivery sends it",
    },
  },
  {
    name: "publish-before-store",
    killer: {
      file: "test/flow/attempts.test.ts",
      title: "a retry > is not published when the outcome could not be stored, and is when it is",
    },
  },
  {
    name: "refer-without-storing",
    killer: {
      file: "test/flow/by-reference.test.ts",
      title:
        "an argument that is larger than the broker takes > comes back whole, at the price of one call of the store",
    },
  },
  {
    name: "old-slots-unrevoked",
    killer: {
      file: "test/flow/beat-edits.test.ts",
      title: "what was sent ahead > does not run although a beat that has read the old rules sends it after the edit",
    },
  },
  {
    name: "ended-id-untold",
    killer: {
      file: "test/flow/id-again.test.ts",
      title:
        "a call of an id that has ended in another canvas > runs no second time, and the next step of its chain gets the value of the first",
    },
  },
  {
    name: "references-unread",
    killer: {
      file: "test/flow/by-reference.test.ts",
      title: "callbacks that are long > are kept once for all members of a group, and called for each",
    },
  },
  {
    name: "replacement-unfenced",
    killer: {
      file: "test/flow/replace.test.ts",
      title:
        "a task that is replaced > leaves its callbacks to the end of what replaces it, and its errbacks to every part",
    },
  },
  {
    name: "revoked-untold",
    killer: {
      file: "test/flow/revoke-waiting.test.ts",
      title:
        "a call that is revoked while it waits > ends at once, its errbacks are sent, and nothing of it is left at the broker",
    },
  },
  {
    name: "unstored-replacement",
    killer: {
      file: "test/flow/replace.test.ts",
      title: "a task that is replaced > is so by the next delivery, where its worker dies before it has sent anything",
    },
  },
];

/** What is done with a patch: `check` only asks whether it fits. */
type Direction = "forth" | "back" | "check";

const flags: Readonly<Record<Direction, readonly string[]>> = { forth: [], back: ["--reverse"], check: ["--check"] };

/** Applies a mutant to a tree, or takes it back, or only looks. Throws when it does not fit. */
export function apply({ name }: Mutant, tree: string, direction: Direction = "forth"): void {
  const args = ["--unidiff-zero", ...flags[direction], join(folder, `${name}.patch`)];
  // Without a repository around it git would look for one above the tree, and leave out what is not of it.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: join(tree, "..") };
  const { status, stderr } = spawnSync("git", ["apply", ...args], { cwd: tree, encoding: "utf8", env });
  if (status !== 0) throw new Error(`${name} does not apply any more: mend its patch.\n${stderr}`);
}
