import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { OPTIONS, shipped } from "../build.mjs";

// Every saved notebook carries the bundle once an instance.
test("what is shipped stays under 90 KB, style sheet included, and asks nobody for anything", async () => {
  const { outputFiles } = await build(OPTIONS);
  const files: Record<string, string> = await shipped(outputFiles);
  const size = (name: string) => files[name]?.length ?? Number.NaN;
  expect(Object.keys(files)).toEqual(["widget.js", "widget.css", "page.js"]);
  expect(size("widget.js") + size("widget.css")).toBeLessThan(90_000);
  // An exported page carries these once, and its data.
  expect(size("page.js") + size("widget.css")).toBeLessThan(200_000);
  for (const script of outputFiles.filter((file) => file.path.endsWith(".js"))) {
    expect(script.text).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(script.text).not.toMatch(/innerHTML|insertAdjacentHTML|\beval\(|\bimport\(/);
  }
});

test("no file becomes a room with everything in it", () => {
  const files = ["src", "tests"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const long = files.filter((file) => file.endsWith(".ts") && readFileSync(file, "utf8").split("\n").length > 260);
  // The protocol is a list of messages; one idea, however long.
  expect(long).toEqual([join("src", "protocol.ts")]);
});

test("every class is prefixed: a widget's style sheet is the page's", () => {
  const sheets = readdirSync("src/style").map((name) => readFileSync(join("src/style", name), "utf8"));
  const css = sheets.join("\n").replace(/\/\*[\s\S]*?\*\//g, "");
  const classes = [...css.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map(([, name]) => name);
  expect(classes.filter((name) => !name?.startsWith("lw-"))).toEqual([]);
});
