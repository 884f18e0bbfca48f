/** The part of workerd's own module that is used here. */
declare module "cloudflare:node" {
  /** Hands a request to the server of node:http that "listens" on this port of the isolate. */
  export function handleAsNodeRequest(port: number, request: Request): Promise<Response>;
}
