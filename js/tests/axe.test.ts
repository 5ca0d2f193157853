import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withKernel } from "./fake.ts";
import { makeFake, type Options } from "./fake-data.ts";
import { frame, type Page, render, rest } from "./render.ts";

let page: Page | undefined;
beforeEach(() => {
  // A page of a host has these; axe looks at what is inside.
  document.documentElement.lang = "en";
  document.title = "axe";
});
afterEach(() => {
  page?.close();
  document.documentElement.removeAttribute("theme");
});

const STATES: [name: string, fake: Options, traits: Record<string, unknown>, keys: string[]][] = [
  ["as it opens", {}, {}, []],
  ["with everything on", { features: 3 }, { pinned: [1, 2], threshold: 0.5, range: [20, 40], compared: 5 }, []],
  ["a masked backward layer", { direction: "backward", masked: [[100, 150]] }, { timestep: 120 }, []],
  ["a GRU", { cell: "gru" }, { timestep: 20 }, []],
  ["a simple cell", { cell: "simple_rnn" }, {}, []],
  ["more units than room", { units: 300, timesteps: 20 }, {}, []],
  ["many samples", { samples: 5000, timesteps: 20 }, {}, []],
  ["all six", {}, { panel: "all" }, []],
  ["the scatter", {}, { panel: "saturation" }, []],
  ["the weights", {}, { panel: "weights" }, []],
  ["the difference to another sample", {}, { compared: 5, comparison: "difference" }, []],
  ["an open equation", {}, { equation: "forget_gate", timestep: 9 }, []],
  ["veiled", {}, { veiled: true }, []],
  ["folded", {}, { diagram: false }, []],
  ["its help", {}, {}, ["?"]],
  ["its export menu", {}, { pinned: [1] }, ["e"]],
  ["a field for the time", {}, {}, ["t"]],
];

for (const theme of ["light", "dark"])
  for (const [name, fake, traits, keys] of STATES)
    test(`axe finds nothing serious in ${name}, ${theme}`, async () => {
      document.documentElement.setAttribute("theme", theme);
      document.body.style.background = theme === "dark" ? "#171717" : "#fff";
      page = render(withKernel(makeFake(fake), { traits }));
      await frame();
      for (const key of keys) page.key(key);
      await rest(60);
      const { violations } = await axe.run(page.root, { resultTypes: ["violations"] });
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const said = serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
      expect(said).toEqual([]);
    });
