/** How far from a number the words that say what it is may stand, in characters. */
const reach = 40;

/** Whether a word stands shortly before a place. */
export function isBehind(view: string, start: number, words: RegExp): boolean {
  return words.test(view.slice(Math.max(0, start - reach), start));
}
