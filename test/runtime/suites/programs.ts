/**
 * `node:child_process` for tests on workerd, which starts no programs: none is found.
 *
 * @module
 */

/** What Node says of a program that is not there. */
export function spawnSync(): { readonly status: null } {
  return { status: null };
}
