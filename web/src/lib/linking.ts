// Remembers over the way to a login provider and back that somebody has left to link a login, and not to log in.
const mark = "temps.linking";

export function noteLinking() {
  try {
    sessionStorage.setItem(mark, "1");
  } catch {
    // Without storage a failure is shown at the login's page.
  }
}

export function tookLinking(): boolean {
  try {
    const was = sessionStorage.getItem(mark) !== null;
    sessionStorage.removeItem(mark);
    return was;
  } catch {
    return false;
  }
}
