import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQuestion } from "../../../src/pipeline/bank-index/question.js";
import { Speakers } from "../../../src/pipeline/bank-index/speakers.js";

function speakersOf(...names: readonly string[]): Speakers {
  const speakers = new Speakers();
  for (const name of names) speakers.add(name);
  return speakers;
}

describe("a question", () => {
  it("names a speaker by all words of the name, one of several", () => {
    const speakers = speakersOf("ana", "cy li", "cy");
    expect(readQuestion("What did Ana's sister say?", speakers).speaker).toBe(0);
    expect(readQuestion("Where is Li?", speakers).speaker).toBeUndefined();
    expect(readQuestion("Did Ana see Cy?", speakers).speaker).toBeUndefined();
    expect(readQuestion("Did the banana ripen?", speakers).speaker).toBeUndefined();
    expect(readQuestion("Where is Ana?", speakersOf("ana")).speaker).toBeUndefined();
  });

  it("has the terms that are no names, unless there are no others", () => {
    const speakers = speakersOf("ana", "ben");
    expect(readQuestion("Where did Ana sail?", speakers).terms).toEqual(["sail"]);
    expect(readQuestion("Ana?", speakers).terms).toEqual(["ana"]);
  });

  it("forgets a speaker with the last memory, and keeps a term that another name has", () => {
    const speakers = speakersOf("ana", "ana lee", "ana");
    speakers.remove("ana");
    expect(speakers.size).toBe(2);
    speakers.remove("ana");
    expect(speakers.size).toBe(1);
    expect(speakers.isNameTerm("ana")).toBe(true);
    speakers.remove("ana lee");
    speakers.remove("nobody");
    expect([speakers.size, speakers.isNameTerm("ana"), speakers.isNameTerm("lee")]).toEqual([
      0,
      false,
      false,
    ]);
  });

  it("finds the names that stand among the words, and takes time in proportion to their number", () => {
    const word = fc.constantFrom("a", "b", "c");
    const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(word), fc.uniqueArray(name), (words, names) => {
        const within = names.filter((one) => ` ${words.join(" ")} `.includes(` ${one} `));
        expect(
          speakersOf(...names)
            .namedIn(words)
            .toSorted(),
        ).toEqual(within.toSorted());
      }),
    );
    const start = performance.now();
    speakersOf("a a").namedIn(Array(100_000).fill("a"));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
