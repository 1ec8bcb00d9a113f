import { describe, expect, it } from "vitest";
import { runCliHere } from "../support/run-cli.js";

describe("a wrong call", () => {
  it.each([
    [["confg"], "unknown command"],
    [["config", "shw"], "unknown command"],
    [["config", "check"], "missing required argument"],
    [["config", "show", "x", "--yaml"], "unknown option"],
    [[], "Usage: astrocyte"],
    [["config"], "Usage: astrocyte config"],
  ])("%j ends with 2", async (args, message) => {
    const { status, stderr, stdout } = await runCliHere(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

it.each([["--help"], ["help"], ["config", "--help"]])("%s ends with 0", async (...args) => {
  const { status, stdout } = await runCliHere(args);
  expect(stdout).toContain("Usage: astrocyte");
  expect(status).toBe(0);
});

it("prints the version of the package", async () => {
  const { status, stdout } = await runCliHere(["--version"]);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect(status).toBe(0);
});

it("prints the schema that is shipped", async () => {
  const { stdout } = await runCliHere(["config", "schema"]);
  expect(JSON.parse(stdout)).toMatchObject({ title: "astrocyte.yaml" });
});

it("prints an error without its stack, and without what would move the cursor", async () => {
  const { status, stderr } = await runCliHere(["config", "check", "/nowhere/\u001b[2J.yaml"]);
  expect(stderr).toBe("error: Config file not found: /nowhere/ [2J.yaml\n");
  expect(status).toBe(1);
});
