// Where to go after the login. Only paths of this console: whoever makes up a link to /login must
// not be able to send people elsewhere.
export function safeReturnPath(wanted: unknown, origin: string = location.origin): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return "/";
  let url: URL;
  try {
    url = new URL(wanted, origin);
  } catch {
    return "/";
  }
  // "//host", "/\host" and tabs in between are addresses of other hosts to a browser.
  if (url.origin !== origin || url.pathname.startsWith("//")) return "/";
  if (/^\/(login|setup|invite|reset|api|git)(\/|$)/.test(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}
