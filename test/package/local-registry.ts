/**
 * A package registry on loopback that has this tree's packages, and sends whoever asks for another one to the registry
 * that this machine uses.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { listen, type Served } from "../listen.ts";

/** What is published: a tarball for each manifest. */
interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly file: string;
  readonly tarball: Buffer;
}

/** Serves the tarballs in `folder` (as `npm pack` names them) of the packages in `packages`. */
export async function serveRegistry(packages: string, folder: string, elsewhere: string): Promise<Served> {
  return await listen(listener(await readPublished(packages, folder), elsewhere));
}

async function readPublished(packages: string, folder: string): Promise<readonly Published[]> {
  const manifests = (await readdir(packages)).map(async (name) => {
    const manifest = JSON.parse(await readFile(join(packages, name, "package.json"), "utf8"));
    const file = `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`;
    return { manifest, file, tarball: await readFile(join(folder, file)) };
  });
  return await Promise.all(manifests);
}

function listener(published: readonly Published[], elsewhere: string): RequestListener {
  return ({ url = "/", headers }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const file = published.find((each) => `-/${each.file}` === path);
    const asked = published.find(({ manifest }) => manifest.name === path);
    if (file !== undefined) return void response.end(file.tarball);
    if (asked !== undefined) return void response.end(JSON.stringify(packument(asked, `http://${headers.host}`)));
    response.writeHead(302, { location: new URL(url.slice(1), elsewhere).href }).end();
  };
}

/** What npm calls all that is known of a package. */
function packument({ manifest, file, tarball }: Published, here: string): object {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  const version = { ...manifest, dist: { tarball: `${here}/-/${file}`, integrity, shasum } };
  return { name: manifest.name, "dist-tags": { latest: manifest.version }, versions: { [manifest.version]: version } };
}
