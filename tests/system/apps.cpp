#include "system/apps.hpp"

#include "core/text.hpp"

namespace temps::e2e {

namespace {

constexpr std::string_view server = R"js(
const http = require('node:http');
const crypto = require('node:crypto');
const page = require('node:fs').readFileSync('page.txt', 'utf8').trim();

const server = http.createServer((request, response) => {
  const delay = { '/slow': 100, '/long': 4000 }[request.url] || 0;
  if (!delay) console.log('served ' + request.url);
  if (request.url === '/exit') process.exit(3);
  if (request.url === '/stream') return stream(response);
  let received = 0;
  request.on('data', (piece) => { received += piece.length; });
  const took = () => request.method === 'POST' ? 'took ' + received + '\n' : '';
  setTimeout(() => response.end(page + '\n' + took()), delay);
});

function stream(response) {
  let sent = 0;
  const timer = setInterval(() => {
    response.write('piece ' + sent + '\n');
    if (++sent < 20) return;
    clearInterval(timer);
    response.end(page + '\n');
  }, 200);
}
server.keepAliveTimeout = 60000;

// Text frames below 126 bytes, which is what the test sends.
server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = crypto.createHash('sha1').update(key).digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n' +
    'Connection: Upgrade\r\nSec-WebSocket-Accept: ' + accept + '\r\n\r\n');
  let input = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    input = Buffer.concat([input, data]);
    while (input.length >= 2 && input.length >= 6 + (input[1] & 127)) {
      const size = input[1] & 127;
      const mask = input.subarray(2, 6);
      const text = Buffer.from(input.subarray(6, 6 + size)).map((b, i) => b ^ mask[i % 4]);
      socket.write(Buffer.concat([Buffer.from([0x81, size]), text]));
      input = input.subarray(6 + size);
    }
  });
});
)js";

}  // namespace

void write_node_app(Checkout& checkout, const NodeApp& app) {
  const auto build = app.build.empty() ? std::string() : fmt::format(R"("build":"{}",)", app.build);
  checkout.write("package.json", fmt::format("{{\"name\":\"{}\",\"private\":true,\"scripts\":{{{}"
                                             "\"start\":\"node server.js\"}}}}\n",
                                             checkout.project(), build));
  checkout.write("page.txt", app.page);
  checkout.write("server.js",
                 fmt::format("{}\n{}\nserver.listen({});\n", app.before, server, app.listen));
}

}  // namespace temps::e2e
