import { MissingPeerError } from "../errors.js";

function isModuleNotFound(error: unknown, packageName: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND") &&
    // Quoted, so that neither a dependency that the peer itself lacks nor the importing path counts.
    [`'${packageName}'`, `"${packageName}"`].some((quoted) => error.message.includes(quoted))
  );
}

/**
 * Loads an optional peer package on first use.
 *
 * @param neededBy - The adapter's public name, for the message.
 * @param load - `() => import("the-package")`, so that bundlers and types see the package.
 * @throws MissingPeerError when the package is not installed.
 */
export async function importPeer<Module>(
  packageName: string,
  neededBy: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isModuleNotFound(error, packageName)) {
      throw new MissingPeerError(packageName, neededBy, { cause: error });
    }
    throw error;
  }
}
