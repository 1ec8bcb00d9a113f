import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./storage-error.js";

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Makes sure that a folder is there, its parents too. Node's own recursive mkdir never ends where an existing parent takes no
 * folders, as under /proc.
 */
export async function createFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await createFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Another process may have been first.
    if (errorCode(error) !== "EEXIST" || !(await isFolder(path))) throw error;
  }
}
