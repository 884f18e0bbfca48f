import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

/** The parts of a package.json that are looked at here. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly files?: readonly string[];
  readonly sideEffects?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: { readonly access: string };
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The parts of a deno.json that are looked at here. */
interface DenoManifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
}

const packages = readdirSync(join(repository, "packages")).map((folder) => ({
  folder,
  manifest: manifestAt(`packages/${folder}/package.json`),
  deno: denoManifestAt(`packages/${folder}/deno.json`),
}));
const [first] = packages;

/** Packages whose files a runtime loads each by itself (ADR 24). `umbel` is a page for each subpath; the others no application loads. */
const inManyFiles: ReadonlySet<string> = new Set(["umbel", "conformance", "gateway", "testing"]);

describe.each(packages)("$manifest.name", ({ folder, manifest, deno }) => {
  it("has one version with all the others, and asks for exactly that of them", () => {
    const ours = Object.entries(manifest.dependencies ?? {}).filter(([name]) => isOurs(name));

    expect([manifest.version, deno.version]).toEqual([first?.manifest.version, first?.manifest.version]);
    expect(ours.map(([, version]) => version)).toEqual(ours.map(() => manifest.version));
  });

  it("leaves what others make to a range, so that an application has one of each", () => {
    const others = Object.entries(manifest.dependencies ?? {}).filter(([name]) => !isOurs(name));

    expect(others.filter(([, range]) => !range.startsWith("^"))).toEqual([]);
  });

  it("says what it is, and carries its licence, its sources and its build", () => {
    expect(manifest).toMatchObject({ license: "MIT", files: ["dist", "src"], sideEffects: false });
    expect(manifest.description).toMatch(/^\w.*[^.]$/);
    expect(manifest.publishConfig?.access).toBe(manifest.name.startsWith("@") ? "public" : undefined);
    expect(text(`packages/${folder}/LICENSE`)).toBe(text("LICENSE"));
    expect(text(`packages/${folder}/README.md`)).toContain(`# ${manifest.name}\n`);
  });

  it("exports the same from npm, from JSR and from its sources", () => {
    const built = Object.entries(manifest.exports).filter(([path]) => path !== "./package.json");

    expect(Object.fromEntries(built.map(([path, targets]) => [path, Object(targets)["@umbel/source"]]))).toEqual(
      deno.exports,
    );
    for (const [, targets] of built) {
      const { types, default: code, node, "@umbel/source": source } = Object(targets);
      expect([types, code]).toEqual(
        [".d.ts", ".js"].map((ending) => source.replace("/src/", "/dist/").replace(/\.ts$/, ending)),
      );
      expect(node).toBe(inManyFiles.has(folder) ? undefined : "./dist/node/index.js");
      expect(text(join("packages", folder, source))).toMatch(/^\/\*\*/);
    }
  });
});

describe("the tree", () => {
  it("gives Deno the subpaths of umbel that are exported", () => {
    const umbel = packages.find(({ folder }) => folder === "umbel")?.deno.exports ?? {};

    expect(denoManifestAt("deno.json").imports).toEqual(
      Object.fromEntries(
        Object.entries(umbel).map(([path, file]) => [`umbel${path.slice(1)}`, `./packages/umbel/${file.slice(2)}`]),
      ),
    );
  });

  it("lets only the gateway's program see an adapter", () => {
    const files = readdirSync(join(repository, "packages/gateway/src"), { recursive: true, encoding: "utf8" });
    const sources = files.filter((file) => file.endsWith(".ts"));
    const seeing = sources.filter((file) => text(`packages/gateway/src/${file}`).includes(adapter));

    expect(seeing).toEqual(["program/program.ts"]);
  });
});

const adapter = 'from "@umbel/upstash-redis"';

function isOurs(name: string): boolean {
  return name === "umbel" || name.startsWith("@umbel/");
}

/** The tree's own, whose form npm has checked. */
function manifestAt(path: string): Manifest {
  return JSON.parse(text(path));
}

/** The tree's own, whose form Deno has checked. */
function denoManifestAt(path: string): DenoManifest {
  return JSON.parse(text(path));
}

function text(path: string): string {
  return readFileSync(join(repository, path), "utf8");
}
