// Packs what Vite built into a C++ source that src/dashboard compiles: each file in gzip and Brotli,
// the page that loads them, and the paths that show it. Prints the sizes, and fails when the first
// load is too large.
//
//   node bundle/embed.mjs <folder with dist/>
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { firstLoad, firstLoadBytesMax, report } from "./budget.mjs";

const types = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
  json: "application/json",
};

function filesBelow(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(path) : [path];
    });
}

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

function typeOf(name) {
  const type = types[name.split(".").pop()];
  if (!type) throw new Error(`${name}: no media type is known for it; add it to bundle/embed.mjs`);
  return type;
}

// "shell-DzP1xk3_.js": the name changes with the content, so that it can be kept for ever.
function isHashed(name) {
  return /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/.test(name);
}

function packed(dist) {
  const assets = join(dist, "assets");
  return filesBelow(assets).map((path) => {
    const bytes = readFileSync(path);
    const name = relative(assets, path);
    return {
      name,
      type: typeOf(name),
      tag: createHash("sha256").update(bytes).digest("hex").slice(0, 16),
      lasting: isHashed(name),
      size: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }),
      brotli: brotli(bytes),
    };
  });
}

const text = (value) => JSON.stringify(value);

function array(name, file) {
  return `constexpr unsigned char ${name}[] = {\n#embed "${file}"\n};\n`;
}

function sourceOf(files, paths) {
  const arrays = files.map((_, i) => array(`gzip_${i}`, `embedded/${i}.gz`) + array(`brotli_${i}`, `embedded/${i}.br`));
  const rows = files.map(
    ({ name, type, tag, lasting }, i) =>
      `      {${text(name)}, ${text(type)}, ${text(tag)}, ${lasting}, bytes_of(gzip_${i}), bytes_of(brotli_${i})},\n`,
  );
  return `// Made by web/bundle/embed.mjs.
#include "dashboard/console_files.hpp"

namespace temps::dashboard {
namespace {

${arrays.join("")}${array("page", "dist/index.html")}
template <std::size_t size>
std::string_view bytes_of(const unsigned char (&file)[size]) {
  return {reinterpret_cast<const char*>(file), size};
}

}  // namespace

const std::vector<ConsoleFile>& console_files() {
  static const std::vector<ConsoleFile> files{
${rows.join("")}  };
  return files;
}

std::string_view console_page() { return bytes_of(page); }

const std::vector<std::string_view>& console_paths() {
  static const std::vector<std::string_view> paths{${paths.map(text).join(", ")}};
  return paths;
}

}  // namespace temps::dashboard
`;
}

function main(folder) {
  const dist = join(folder, "dist");
  const page = readFileSync(join(dist, "index.html"), "utf8");
  const paths = JSON.parse(readFileSync(new URL("../paths.json", import.meta.url), "utf8"));
  const files = packed(dist);
  const embedded = join(folder, "embedded");
  rmSync(embedded, { recursive: true, force: true });
  mkdirSync(embedded);
  files.forEach((file, i) => {
    writeFileSync(join(embedded, `${i}.gz`), file.gzip);
    writeFileSync(join(embedded, `${i}.br`), file.brotli);
  });
  const first = firstLoad(page, brotli(Buffer.from(page)).length, files);
  console.log(report(files, first));
  if (first.bytes > firstLoadBytesMax) {
    console.error(`The first load of the console is too large. Load less of it at once: routes are split by import().`);
    process.exit(1);
  }
  const source = join(folder, "console_files.cpp");
  writeFileSync(`${source}.new`, sourceOf(files, paths));
  renameSync(`${source}.new`, source);
}

main(process.argv[2]);
