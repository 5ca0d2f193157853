// Bundles the browser side into the Python package, where anywidget reads it from.
import { context } from "esbuild";

const builder = await context({
  entryPoints: { widget: "src/index.ts" },
  outdir: "../lstm_widget/static",
  bundle: true,
  format: "esm",
  target: "es2020",
  minify: true,
  legalComments: "none",
  logLevel: "info",
});

if (process.argv.includes("--watch")) {
  await builder.watch();
} else {
  await builder.rebuild();
  await builder.dispose();
}
