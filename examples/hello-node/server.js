// A page that shows where it runs. No dependencies: the smallest app that Temps can deploy.
const http = require('node:http');

const started = new Date();
let requests = 0;

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function page() {
  const facts = [
    ['Project', process.env.TEMPS_PROJECT || 'not on Temps'],
    ['Release', process.env.TEMPS_RELEASE || '–'],
    ['Node.js', process.version],
    ['Started', started.toISOString()],
    ['Requests', requests],
  ];
  const rows = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hello from Temps</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
  main { padding: 2rem; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.5rem; }
  dt { opacity: .7; } dd { margin: 0; font-variant-numeric: tabular-nums; }
</style>
<main>
  <h1>It works.</h1>
  <p>This page was built and started by your own server.</p>
  <dl>${rows}</dl>
</main>
</html>
`;
}

const server = http.createServer((request, response) => {
  requests += 1;
  console.log(`${request.method} ${request.url}`);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page());
});

// The port comes from Temps; on SIGTERM requests under way may end.
server.listen(process.env.PORT || 3000, () => console.log('listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
