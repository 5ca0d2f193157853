// Bundles the browser side into the Python package, where anywidget reads it from.
import { mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { context } from "esbuild";

/**
 * Every view that is opened, and every notebook that is saved with its widgets, carries the bundle once an instance: it
 * travels compressed. The page unpacks it the way in which anywidget itself imports what it gets, from a blob.
 */
function packed(compressed) {
  return [
    `const packed = "${compressed.toString("base64")}";`,
    "const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));",
    'const unpacked = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));',
    "export default async () => {",
    '  const url = URL.createObjectURL(new Blob([await unpacked.clone().arrayBuffer()], { type: "text/javascript" }));',
    "  const module = await import(url);",
    "  URL.revokeObjectURL(url);",
    "  return module.default();",
    "};",
    "",
  ].join("\n");
}

/** What is shipped, by file name. */
export async function shipped(outputFiles) {
  const named = (name) => outputFiles.find((file) => file.path.endsWith(name));
  const compressed = await promisify(gzip)(named("widget.js").contents, { level: 9 });
  // An exported page is one file that carries its script once, and may import none from a blob.
  return { "widget.js": packed(compressed), "widget.css": named("widget.css").text, "page.js": named("page.js").text };
}

export const OPTIONS = {
  entryPoints: { widget: "src/index.ts", page: "src/offline/page.ts" },
  outdir: "../lstm_widget/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  write: false,
};

const ship = {
  name: "ship",
  setup: (build) =>
    build.onEnd(async ({ errors, outputFiles }) => {
      if (errors.length) return;
      await mkdir(OPTIONS.outdir, { recursive: true });
      const files = Object.entries(await shipped(outputFiles));
      await Promise.all(files.map(([name, text]) => writeFile(`${OPTIONS.outdir}/${name}`, text)));
    }),
};

if (process.argv[1] === import.meta.filename) {
  const builder = await context({ ...OPTIONS, plugins: [ship] });
  if (process.argv.includes("--watch")) await builder.watch();
  else {
    await builder.rebuild();
    await builder.dispose();
  }
}
