export const bankId = "tortured";

const letters = "abcdefghij";

/** A word that only one content says. */
export function wordOf(number: number): string {
  return `quill${String(number).replaceAll(/\d/g, (digit) => letters[Number(digit)] ?? "")}x`;
}

/** A content that is cut into several chunks, each of which says its word. */
export function contentOf(number: number): string {
  return Array.from(
    { length: 2 + (number % 3) },
    (_, part) =>
      `${wordOf(number)} is what number ${number} says in part ${part}, and it goes on for a while so that it fills a chunk. `,
  ).join("");
}
