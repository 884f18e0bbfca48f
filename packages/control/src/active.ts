/**
 * Tasks that are held under a live lease, page by page.
 *
 * @module
 */

import { type ActiveTask, decodeTaskInfo, InvalidMessageError, type TaskInfo } from "@umbel/protocol";
import type { Page } from "./control.ts";
import type { Desk } from "./desk.ts";
import { isHousekeeping } from "./housekeeping.ts";
import { readEach } from "./unread.ts";

/** A part of them. Throws `BackendUnavailable`. */
export async function activePage(
  desk: Desk,
  request: { readonly cursor?: string; readonly limit: number },
): Promise<Page<TaskInfo>> {
  const { items: held, cursor } = await desk.store().active(request);
  const { items, unread } = await readEach(held, infoIn);
  const shown = items.filter(({ name }) => !isHousekeeping(name));
  return { items: shown, unread, ...(cursor === undefined ? {} : { cursor }) };
}

/** What its claim has told of it. Throws `InvalidMessageError`, where it has told nothing, too. */
export function infoIn({ id, about, startedAt }: Pick<ActiveTask, "about" | "id" | "startedAt">): TaskInfo {
  if (about === undefined) throw new InvalidMessageError(`Nothing is known of ${id} but its id`);
  const info = decodeTaskInfo(about);
  return startedAt === undefined ? info : { ...info, time_start: startedAt / 1000 };
}
