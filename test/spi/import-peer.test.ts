import { importPeer, MissingPeerError } from "astrocyte";
import { describe, expect, it } from "vitest";

const notFound = (message: string, code = "ERR_MODULE_NOT_FOUND"): Error =>
  Object.assign(new Error(message), { code });

const load = (error: unknown): Promise<object> =>
  importPeer("@scope/peer", "astrocyte/adapters/some", async () => {
    throw error;
  });

describe("importPeer", () => {
  it("gives back the module", async () => {
    const module = { hello: 1 };
    await expect(importPeer("p", "a", () => Promise.resolve(module))).resolves.toBe(module);
  });

  it("says what to install when the package is really absent", async () => {
    const name = "@astrocyte/no-such-package";
    const run = importPeer(name, "astrocyte/adapters/some", () => import(/* @vite-ignore */ name));
    await expect(run).rejects.toThrow(MissingPeerError);
    await expect(run).rejects.toMatchObject({
      code: "ASTROCYTE_MISSING_PEER",
      packageName: name,
      message: `astrocyte/adapters/some needs the package "${name}", which is not installed. Run: npm install ${name}`,
      cause: { code: "ERR_MODULE_NOT_FOUND" },
    });
  });

  it.each([
    notFound("Cannot find package '@scope/peer' imported from /app/index.js"),
    notFound(
      "Cannot find module '@scope/peer'\nRequire stack:\n- /app/index.js",
      "MODULE_NOT_FOUND",
    ),
    notFound('Cannot find package "@scope/peer" from "/app/index.js"'),
  ])("knows %s", async (error) => {
    const run = load(error);
    await expect(run).rejects.toThrow(MissingPeerError);
    await expect(run).rejects.toMatchObject({ packageName: "@scope/peer", cause: error });
  });

  it.each([
    ["another package", notFound("Cannot find package 'other' imported from /app/index.js")],
    [
      "a dependency that the peer lacks",
      notFound("Cannot find package 'dep' imported from /app/node_modules/@scope/peer/index.js"),
    ],
    [
      "a package whose name begins alike",
      notFound("Cannot find package '@scope/peer-native' imported from /app/index.js"),
    ],
    [
      "a file missing inside the peer",
      notFound(
        "Cannot find module '/app/node_modules/@scope/peer/lost.js' imported from /app/x.js",
      ),
    ],
    ["an error while the peer starts", new Error("Cannot find package '@scope/peer'")],
    ["a value that is no Error", "Cannot find package '@scope/peer'"],
  ])("lets %s pass untouched", async (_what, error) => {
    await expect(load(error)).rejects.toBe(error);
  });
});
