const surrogatePair = /[\ud800-\udbff][\udc00-\udfff]/;

/**
 * Where each code point of a text begins, in UTF-16 units, with the end of the text as last entry; undefined when the two
 * ways of counting agree.
 */
export function utf16Starts(text: string): Uint32Array | undefined {
  if (!surrogatePair.test(text)) return undefined;
  const starts = new Uint32Array(text.length + 1);
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    starts[count] = index;
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  starts[count] = text.length;
  return starts.subarray(0, count + 1);
}

/** Translates UTF-16 offsets into code points; offsets inside a pair count as its start. */
export function codePointOffsetsOf(text: string): (utf16Offset: number) => number {
  const starts = utf16Starts(text);
  if (starts === undefined) return (offset) => offset;
  const offsets = new Uint32Array(text.length + 1);
  for (let at = 0; at + 1 < starts.length; at += 1) {
    offsets.fill(at, starts[at], starts[at + 1]);
  }
  offsets[text.length] = starts.length - 1;
  return (offset) => offsets[offset] ?? starts.length - 1;
}

/** The code point that begins at a UTF-16 offset, or undefined inside a pair; `starts` as {@link utf16Starts} gives them. */
export function codePointIndexOf(
  starts: Uint32Array | undefined,
  utf16Offset: number,
): number | undefined {
  if (starts === undefined) return utf16Offset;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < utf16Offset) low = middle + 1;
    else high = middle;
  }
  return starts[low] === utf16Offset ? low : undefined;
}
