// A folder that was chosen in the browser, as one archive: tar in gzip.
import { Ignore, type Rules } from "@/features/projects/upload/ignore";
import { end, header, padding } from "@/features/projects/upload/tar";

export interface Chosen {
  folder: string; // its name
  files: readonly { path: string; file: File }[]; // below it
  leftOut: number;
  bytes: number;
}

// "shop/src/a.js" -> "src/a.js"
function below(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

async function rulesOf(all: readonly { path: string; file: File }[], name: string): Promise<Rules[]> {
  const found = all.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  const isDeep = (path: string) => /(^|\/)(node_modules|\.git)\//.test(path);
  return Promise.all(
    found
      .filter(({ path, file }) => !isDeep(path) && file.size < 1_000_000)
      .map(async ({ path, file }) => ({ folder: path.slice(0, path.length - name.length), text: await file.text() })),
  );
}

export async function choose(list: Iterable<File>): Promise<Chosen> {
  const all = [...list].map((file) => ({ path: below(file.webkitRelativePath || `/${file.name}`), file }));
  const ignore = new Ignore(await rulesOf(all, ".gitignore"), await rulesOf(all, ".tempsignore"));
  const files = all.filter(({ path }) => !ignore.leavesOut(path));
  const [first] = all;
  return {
    folder: first?.file.webkitRelativePath.split("/")[0] ?? "",
    files,
    leftOut: all.length - files.length,
    bytes: files.reduce((sum, { file }) => sum + file.size, 0),
  };
}

// A browser does not say what can be run: scripts say it themselves.
async function modeOf(file: File): Promise<number> {
  const [a, b] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return a === 0x23 && b === 0x21 ? 0o755 : 0o644;
}

async function* tar({ files }: Chosen, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for (const { path, file } of files) {
    yield header({ path, size: file.size, mode: await modeOf(file), modified: file.lastModified / 1000 });
    const reader = file.stream().getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      onRead(value.length);
      yield value;
    }
    yield padding(file.size);
  }
  yield end;
}

// `onRead`: so much of the folder's content has been packed.
export async function pack(chosen: Chosen, onRead: (bytes: number) => void, signal: AbortSignal): Promise<Blob> {
  let read = 0;
  const parts = tar(chosen, (bytes) => onRead((read += bytes)));
  const stream = new ReadableStream<Uint8Array>({
    async pull(control) {
      signal.throwIfAborted();
      const { done, value } = await parts.next();
      if (done) control.close();
      else if (value.length > 0) control.enqueue(value);
      else await this.pull?.(control);
    },
  });
  const packed = stream.pipeThrough(new CompressionStream("gzip") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Response(packed).blob();
}
