/** Length in Unicode code points; `"😀"` counts one. */
export function codePointLength(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isPairStart = unit >= 0xd800 && unit <= 0xdbff;
    const next = isPairStart ? text.charCodeAt(index + 1) : Number.NaN;
    if (next >= 0xdc00 && next <= 0xdfff) index += 1;
    length += 1;
  }
  return length;
}
