/** Whether a text is meant as a pattern. */
export function isShellPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

interface Step {
  readonly kind: "any" | "one" | "text" | "set";
  readonly characters: readonly string[];
  readonly isNegated: boolean;
}

/** The end of a `[set]` that begins at `start`, or -1; a `]` that comes first is a member. */
function setEnd(pattern: readonly string[], start: number): number {
  const first = pattern[start + 1] === "!" ? start + 2 : start + 1;
  return pattern.indexOf("]", first + 1);
}

function parseSteps(text: string): Step[] {
  const pattern = Array.from(text);
  const steps: Step[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? "";
    const end = character === "[" ? setEnd(pattern, index) : -1;
    if (character === "*") {
      if (steps.at(-1)?.kind !== "any")
        steps.push({ kind: "any", characters: [], isNegated: false });
    } else if (character === "?") {
      steps.push({ kind: "one", characters: [], isNegated: false });
    } else if (end === -1) {
      steps.push({ kind: "text", characters: [character], isNegated: false });
    } else {
      const isNegated = pattern[index + 1] === "!";
      const characters = pattern.slice(isNegated ? index + 2 : index + 1, end);
      steps.push({ kind: "set", characters, isNegated });
      index = end;
    }
  }
  return steps;
}

function isInSet(characters: readonly string[], character: string): boolean {
  for (let index = 0; index < characters.length; index += 1) {
    const low = characters[index] ?? "";
    const high = characters[index + 2];
    if (characters[index + 1] === "-" && high !== undefined) {
      if (low <= character && character <= high) return true;
      index += 2;
    } else if (low === character) return true;
  }
  return false;
}

function matchesStep({ kind, characters, isNegated }: Step, character: string): boolean {
  if (kind === "set") return isInSet(characters, character) !== isNegated;
  return kind === "one" || characters[0] === character;
}

/**
 * Whether a whole text matches a shell pattern: `*`, `?`, `[a-z]`, `[!a-z]`. Case counts. Takes at most pattern times text
 * steps, whatever the pattern.
 *
 * @remarks The rules of Python's `fnmatch.fnmatchcase`.
 */
export function matchesShellPattern(text: string, pattern: string): boolean {
  const steps = parseSteps(pattern);
  const characters = Array.from(text);
  let position = 0;
  let step = 0;
  // Where to go on when what follows the last `*` does not fit.
  let retry: { readonly step: number; position: number } | undefined;
  while (position < characters.length) {
    const current = steps[step];
    if (current?.kind === "any") {
      retry = { step: step + 1, position };
      step += 1;
    } else if (current !== undefined && matchesStep(current, characters[position] ?? "")) {
      position += 1;
      step += 1;
    } else if (retry !== undefined) {
      retry.position += 1;
      position = retry.position;
      step = retry.step;
    } else return false;
  }
  return steps.slice(step).every(({ kind }) => kind === "any");
}
