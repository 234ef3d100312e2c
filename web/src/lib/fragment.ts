// The token of a link like /invite#token=…: behind the #, which browsers send to no server.
export function tokenIn(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "";
}

export function linkWith(page: string, token: string, origin: string = location.origin): string {
  return `${origin}${page}#token=${encodeURIComponent(token)}`;
}
