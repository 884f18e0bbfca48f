/**
 * A request that cannot be served.
 *
 * @module
 */

/** What the answer's status may be. */
export type RequestErrorStatus = 400 | 401 | 404 | 413 | 501;

/** Refuses a request, or one item of a batch: the message names what is wrong and how to put it right. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: RequestErrorStatus;

  constructor(status: RequestErrorStatus, message: string) {
    super(message);
    this.status = status;
  }
}
