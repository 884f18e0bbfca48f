/**
 * What can only be reached from this machine.
 *
 * @module
 */

/** Whether a host name (without port) is this machine's own: localhost, 127.0.0.0/8, ::1. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}
