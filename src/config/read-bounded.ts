import { open } from "node:fs/promises";

/** The largest file that is read. */
export const maxFileBytes = 256 * 1024;

/**
 * A file's text, or of a larger file one byte more than is allowed, so that the reader of the text can say so. A pipe has no
 * size beforehand.
 */
export async function readBounded(place: string | URL): Promise<string> {
  const file = await open(place);
  try {
    const buffer = Buffer.alloc(maxFileBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.toString("utf8", 0, length);
  } finally {
    await file.close();
  }
}
