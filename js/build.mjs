// Bundles the browser side into the Python package, where anywidget reads it from.
import { mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { context } from "esbuild";

/** Quotes and backslashes end a string in a script, "<" may end the script of a page that holds it. */
const DIGITS = Array.from({ length: 87 }, (_, k) => String.fromCharCode(35 + k)).filter(
  (digit) => !"<\\".includes(digit),
);

/** Four bytes as five digits: a fifteenth less than base64. */
function written(bytes) {
  const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  let text = "";
  for (let at = 0; at < padded.length; at += 4) {
    const word = padded.readUInt32BE(at);
    for (let place = 4; place >= 0; place--) text += DIGITS[Math.floor(word / 85 ** place) % 85];
  }
  return text;
}

/**
 * Every view that is opened, and every notebook that is saved with its widgets, carries the bundle once an instance: it
 * travels compressed. The page unpacks it the way in which anywidget itself imports what it gets, from a blob.
 */
function packed(compressed) {
  return [
    `const packed = "${written(compressed)}";`,
    "const bytes = new DataView(new ArrayBuffer((packed.length / 5) * 4));",
    "for (let at = 0; at < packed.length; at += 5) {",
    "  let word = 0;",
    "  for (let place = at; place < at + 5; place++) {",
    "    const code = packed.charCodeAt(place);",
    "    word = word * 85 + code - 35 - (code > 60) - (code > 92);",
    "  }",
    "  bytes.setUint32((at / 5) * 4, word);",
    "}",
    `const sent = new Blob([bytes.buffer.slice(0, ${compressed.length})]);`,
    'const unpacked = new Response(sent.stream().pipeThrough(new DecompressionStream("gzip")));',
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
