// The one place that asks the API. Paths, parameters, bodies and answers have their types from the
// OpenAPI document: api.get("/api/v1/projects/{project}", { path: { project: "shop" } }).
import type { paths } from "@/api/schema";
import { Problem } from "@/lib/api/problem";
import { noteReached } from "@/lib/api/reachability";
import { noteProblem } from "@/lib/api/session-end";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
export type PathOf<M extends Method> = {
  [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type Part<O, K extends string> = O extends { parameters: { [key in K]: infer V } } ? V : undefined;
type Field<K extends string, V> = [V] extends [undefined]
  ? { [key in K]?: undefined }
  : Partial<V> extends V
    ? { [key in K]?: V }
    : { [key in K]: V };
type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;

export type Parts<P extends keyof paths, M extends Method> = Field<"path", Part<Operation<P, M>, "path">> &
  ("query" extends keyof NonNullable<Operation<P, M> extends { parameters: infer Q } ? Q : never>
    ? { query?: Operation<P, M> extends { parameters: { query?: infer Q } } ? Q : never }
    : { query?: undefined }) &
  Field<"body", Body<Operation<P, M>>> & { headers?: Record<string, string>; signal?: AbortSignal };

type Json<R> = R extends { content: { "application/json": infer J } } ? J : never;
type Success<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : R extends { 202: infer A } ? A : never;
export type Answer<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer R } ? Json<Success<R>> : never;

interface AnyParts {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  headers?: Record<string, string>; // for what must not stand in the address
  signal?: AbortSignal;
}

export function addressOf(path: string, { path: values = {}, query = {} }: AnyParts = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? "")));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}

export async function problemOf(response: Response): Promise<Problem> {
  const document = await response.json().catch(() => null);
  const fallback = { title: `The server answered with status ${response.status}` };
  const problem = new Problem(response.status, document ?? fallback);
  noteProblem(problem);
  return problem;
}

export async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(address, init);
    noteReached(true);
    return response;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    noteReached(false);
    throw new Problem(0, { title: "Temps does not answer", detail: "The request did not reach the server." });
  }
}

async function ask(method: Method, path: string, parts: AnyParts = {}): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json", ...parts.headers };
  if (parts.body !== undefined) headers["Content-Type"] = "application/json";
  const response = await reach(addressOf(path, parts), {
    method: method.toUpperCase(),
    headers,
    body: parts.body === undefined ? undefined : JSON.stringify(parts.body),
    signal: parts.signal,
  });
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? undefined : response.json();
}

type Ask<M extends Method> = <P extends PathOf<M>>(path: P, parts?: Parts<P, M>) => Promise<Answer<P, M>>;

function asker<M extends Method>(method: M): Ask<M> {
  return ((path: string, parts?: AnyParts) => ask(method, path, parts)) as Ask<M>;
}

export const api = {
  get: asker("get"),
  post: asker("post"),
  put: asker("put"),
  patch: asker("patch"),
  delete: asker("delete"),
};
