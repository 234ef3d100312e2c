// What a visitor's first page may weigh, compressed with Brotli: the page and all that it names.
export const firstLoadBytesMax = 250_000;

// `files`: {name, size, brotli}; of the page only the compressed size counts.
export function firstLoad(page, pageBytes, files) {
  const named = new Set([...page.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((match) => match[1]));
  const loaded = files.filter(({ name }) => named.has(name));
  const missing = [...named].filter((name) => !files.some((file) => file.name === name));
  if (missing.length > 0) throw new Error(`index.html names what was not built: ${missing.join(", ")}`);
  return {
    names: loaded.map(({ name }) => name),
    bytes: pageBytes + loaded.reduce((sum, { brotli }) => sum + brotli.length, 0),
  };
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

export function report(files, first) {
  const rows = [...files]
    .sort((a, b) => b.brotli.length - a.brotli.length)
    .map(({ name, size, brotli }) => {
      const mark = first.names.includes(name) ? "*" : " ";
      return `  ${mark} ${name.padEnd(44)} ${kilobytes(size).padStart(10)} ${kilobytes(brotli.length).padStart(10)}`;
    });
  const whole = files.reduce((sum, { brotli }) => sum + brotli.length, 0);
  return [
    `The console: ${files.length} files, size and size in Brotli; * are of the first load`,
    ...rows,
    `  First load ${kilobytes(first.bytes)} of ${kilobytes(firstLoadBytesMax)} at most; everything ${kilobytes(whole)}`,
  ].join("\n");
}
