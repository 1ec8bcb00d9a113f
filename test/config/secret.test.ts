import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { hideSecrets, revealSecrets } from "../../src/config/hide-secrets.js";
import { Secret } from "../../src/config/secret.js";

describe("Secret", () => {
  it("gives its value to who asks for it, and to nothing else", () => {
    const secret = new Secret("hunter2");
    const ways = [
      String(secret),
      "".concat(secret as never),
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      format("%s %o %O %j", secret, secret, secret, secret),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
      JSON.stringify(Object.entries(secret)),
    ];
    for (const seen of ways) expect(seen).not.toContain("hunter2");
    expect(secret.reveal()).toBe("hunter2");
  });
});

describe("hideSecrets", () => {
  it.each([
    [{ api_key: "x" }],
    [{ apiKey: "x" }],
    [{ "x-api-key": "x" }],
    [{ auth_token: "x" }],
    [{ password: 12 }],
    [{ deep: { CLIENT_SECRET: ["x"] } }],
    [{ dsn: "x" }],
    [{ anything: "postgres://user:word@host/db" }],
    [{ connectionString: "x" }],
  ])("hides %j, and gives it back", (map) => {
    const hidden = hideSecrets(map);
    expect(JSON.stringify(hidden)).toContain('"***"');
    expect(revealSecrets(hidden)).toEqual(map);
  });

  it.each([
    [{ max_tokens: 5 }],
    [{ path: "x" }],
    [{ url: "https://host/a:b@c" }],
    [{ model: "m" }],
  ])("leaves %j", (map) => {
    expect(hideSecrets(map)).toEqual(map);
  });

  it("is quick on an address without end", () => {
    const before = performance.now();
    hideSecrets({ url: `a://${":".repeat(200_000)}`, other: `a://${"x:".repeat(100_000)}` });
    expect(performance.now() - before).toBeLessThan(500);
  });
});
