import { call, keepFresh, prepareLogOut } from "./api.js";

const refreshEvery = 3000;
const dayMilliseconds = 24 * 3600 * 1000;
const soonDays = 14;

const numbers = new Intl.NumberFormat();
const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

function place(id) {
  return document.querySelector(`#${id}`);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function time(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`;
}

function share(part, whole) {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}

function duration(seconds) {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  const whole = Math.floor(seconds / 86400);
  return whole === 1 ? "1 day" : `${whole} days`;
}

// Of an upstream, as the proxy sees it.
const healths = {
  ok: ["ok", "state good"],
  failing: ["failing", "state wait"],
  out: ["does not answer", "state bad"],
};

function healthOf(upstream) {
  const [text, kind] = healths[upstream.health] || [upstream.health || "", ""];
  const cell = element("td", "");
  cell.append(element("span", text, kind));
  return cell;
}

function rowOf(upstream) {
  const row = document.createElement("tr");
  const name = element("th", upstream.release || upstream.id);
  name.scope = "row";
  row.append(name, element("td", upstream.address, "mono"), healthOf(upstream));
  const cells = [
    numbers.format(upstream.in_flight),
    numbers.format(upstream.answers),
    numbers.format(upstream.statuses.s5xx),
    numbers.format(upstream.failures),
    time(upstream.latency.p50),
    time(upstream.latency.p95),
    time(upstream.latency.p99),
  ];
  for (const text of cells) row.append(element("td", text, "number"));
  return row;
}

function expiryOf(certificate) {
  if (!certificate.expires_at) return element("td", "unknown", "muted");
  const at = new Date(certificate.expires_at);
  const left = Math.floor((at - Date.now()) / dayMilliseconds);
  const cell = element("td", "");
  const when = element("time", left < 0 ? "Expired" : `in ${left} days`, left < soonDays ? "state bad" : "");
  when.dateTime = certificate.expires_at;
  when.title = at.toLocaleString();
  cell.append(when, ` (${days.format(at)})`);
  return cell;
}

function show(proxy) {
  const { statuses, latency } = proxy;
  const answers = statuses.s1xx + statuses.s2xx + statuses.s3xx + statuses.s4xx + statuses.s5xx;
  place("uptime").textContent = `runs for ${duration(proxy.uptime_seconds)}`;
  place("rate").textContent = `${proxy.requests_per_second.toFixed(1)}/s`;
  place("requests").textContent = `${numbers.format(proxy.requests)} since the start`;
  place("connections").textContent = numbers.format(proxy.connections);
  place("hosts").textContent = proxy.hosts === 1 ? "1 host" : `${numbers.format(proxy.hosts)} hosts`;
  place("p50").textContent = time(latency.p50);
  place("slower").textContent = `95 % within ${time(latency.p95)}, 99 % within ${time(latency.p99)}`;
  place("errors").textContent = share(statuses.s5xx, answers);
  place("classes").textContent =
    `2xx ${share(statuses.s2xx, answers)}, 3xx ${share(statuses.s3xx, answers)}, ` +
    `4xx ${share(statuses.s4xx, answers)}`;
  const apps = [...proxy.upstreams].sort((a, b) => a.release.localeCompare(b.release));
  place("upstreams").replaceChildren(...apps.map(rowOf));
  place("shown").replaceChildren(
    ...proxy.certificates.map((certificate) => {
      const row = document.createElement("tr");
      const names = element("th", certificate.names.join(", "));
      names.scope = "row";
      row.append(names, expiryOf(certificate));
      return row;
    }),
  );
  place("some-certificates").hidden = proxy.certificates.length === 0;
  place("no-certificates").hidden = proxy.certificates.length > 0;
  for (const id of ["figures", "apps", "certificates"]) place(id).hidden = false;
}

const purposes = { console: "the console", apps: "all apps", app: "an app" };

function ownCertificateOf(name) {
  const order = name.certificate_order;
  if (order && order.state !== "issued") {
    const cell = element("td", "");
    const kind = order.state === "failed" ? "state bad" : "state wait";
    cell.append(element("span", order.state.replaceAll("_", " "), kind), ` ${order.detail}`);
    return cell;
  }
  if (name.certificate) return expiryOf(name.certificate);
  return element("td", "none", "muted");
}

function showPlatform(platform) {
  place("platform").hidden = false;
  place("platform-detail").textContent =
    platform.certificates === "off" ? `No https: ${platform.detail}.` : `Certificates: ${platform.detail}.`;
  place("own-names").replaceChildren(
    ...platform.names.map((name) => {
      const row = document.createElement("tr");
      const title = element("th", name.name);
      title.scope = "row";
      row.append(title, element("td", purposes[name.purpose] || name.purpose), ownCertificateOf(name));
      return row;
    }),
  );
}

prepareLogOut();
keepFresh(async () => {
  show(await call("GET", "/api/v1/proxy"));
  showPlatform(await call("GET", "/api/v1/platform"));
}, refreshEvery);
