"""The proxies under test: for each, a function that writes its configuration and says how to start it.

All of them do the same work: one worker, HTTP/1.1 with keep-alive to the origin, the forwarding headers, TLS 1.3 with
the same certificate, HTTP/2 where TLS negotiates it, WebSocket on /ws, no access log (but for those called "-log"), idle
connections kept open.
"""
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

HOST = "app.example.test"


@dataclass(frozen=True)
class Certificate:
    chain: Path
    key: Path
    both: Path  # in one file


@dataclass(frozen=True)
class Place:
    """Where a proxy listens, where the origin does, and a folder for its files."""

    folder: Path
    http_port: int
    tls_port: int
    origin_port: int
    certificate: Certificate


@dataclass(frozen=True)
class Command:
    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def route_table(place: Place, version: int = 1, hosts: int = 0) -> str:
    """Temps' own route table, with "app-0.example.test" and so on where more hosts are asked for.

    Each host has a route and a certificate. All lead to one upstream, so that its pool of connections is the same
    however many there are, and all certificates have the same content, which the proxy reads for each of them anew.
    """
    upstream = {"id": f"origin-{version}", "address": f"127.0.0.1:{place.origin_port}"}
    names = [HOST] + [f"app-{number}.example.test" for number in range(hosts)]
    files = {"chain": str(place.certificate.chain), "key": str(place.certificate.key)}
    return json.dumps(
        {
            "version": version,
            "routes": [{"host": name, "upstreams": [upstream]} for name in names]
            + [{"host": "version.example.test", "redirect": {"to": f"https://v{version}.example.test"}}],
            "certificates": [{"id": name, "names": [name], **files} for name in names],
        }
    )


def temps(place: Place, access_log: tuple[str, ...] = ("--access-log", "off")) -> Command:
    data = place.folder / "data"
    (data / "routes").mkdir(parents=True, exist_ok=True)
    (data / "run").mkdir(exist_ok=True)
    table = data / "routes" / "table.json"
    if not table.exists():
        table.write_text(route_table(place))
    # The settings file of an installation on this machine is not for this instance.
    settings = place.folder / "temps.toml"
    settings.touch()
    return Command(
        [temps_binary(), "proxy", "--config", str(settings), "--data-dir", str(data), "--proxy-threads", "1"]
        + ["--listen", f"127.0.0.1:{place.http_port}", "--listen-tls", f"127.0.0.1:{place.tls_port}", *access_log]
    )


def temps_log(place: Place) -> Command:
    """Nobody loads the spool, so old segments are given up all the time: they have to be removed anyhow."""
    return temps(place, ("--access-log", "full", "--spool-size-max", "64MB"))


def temps_binary() -> str:
    return str(Path(os.environ.get("TEMPS_BINARY", "build/release/temps")).resolve())


def nginx(place: Place, tuning: str = "", access_log: str = "off") -> Command:
    (place.folder / "nginx.conf").write_text(
        f"""
daemon off;
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
worker_rlimit_nofile 20000;
pid {place.folder}/pid;
error_log {place.folder}/error.log error;
events {{
  worker_connections 16000;
  multi_accept on;
}}
http {{
  access_log {access_log};
  sendfile on;
  tcp_nodelay on;
  server_tokens off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  client_body_temp_path {place.folder}/body;
  proxy_temp_path {place.folder}/proxy;
  fastcgi_temp_path {place.folder}/fastcgi;
  uwsgi_temp_path {place.folder}/uwsgi;
  scgi_temp_path {place.folder}/scgi;
  ssl_protocols TLSv1.3;
  ssl_certificate {place.certificate.chain};
  ssl_certificate_key {place.certificate.key};
  ssl_session_cache off;
  ssl_session_tickets on;
  http2_max_concurrent_streams 256;
  upstream origin {{
    server 127.0.0.1:{place.origin_port};
    keepalive 256;
    keepalive_requests 100000000;
    keepalive_timeout 300s;
  }}
  server {{
    listen 127.0.0.1:{place.http_port} backlog=4096;
    listen 127.0.0.1:{place.tls_port} ssl http2 backlog=4096;
    server_name {HOST};
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host $host;
    proxy_set_header Connection "";
    {tuning}
    location / {{
      proxy_pass http://origin;
    }}
    location /ws {{
      proxy_pass http://origin;
      proxy_set_header Host $host;
      proxy_set_header Connection "upgrade";
      proxy_set_header Upgrade $http_upgrade;
    }}
  }}
}}
"""
    )
    return Command(
        ["nginx", "-c", f"{place.folder}/nginx.conf", "-e", f"{place.folder}/error.log", "-p", str(place.folder)]
    )


def nginx_tuned(place: Place) -> Command:
    """Large buffers, and none of a response on disk."""
    return nginx(
        place,
        "proxy_buffers 16 64k; proxy_buffer_size 64k; proxy_busy_buffers_size 256k; proxy_max_temp_file_size 0;",
    )


def nginx_log(place: Place) -> Command:
    """Its usual format, written in blocks: the default, a write for each request, costs several times as much."""
    return nginx(place, access_log=f"{place.folder}/access.log combined buffer=64k flush=1s")


def haproxy(place: Place) -> Command:
    (place.folder / "haproxy.cfg").write_text(
        f"""
global
  nbthread 1
  maxconn 6500
  tune.ssl.cachesize 0
  ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
  mode http
  option http-keep-alive
  option splice-auto
  http-reuse always
  timeout client 300s
  timeout server 300s
  timeout tunnel 300s
  timeout connect 5s
  timeout http-keep-alive 300s
frontend clients
  bind 127.0.0.1:{place.http_port} backlog 4096
  bind 127.0.0.1:{place.tls_port} backlog 4096 ssl crt {place.certificate.both} alpn h2,http/1.1
  option forwardfor
  http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}
  http-request set-header X-Forwarded-Proto http if !{{ ssl_fc }}
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  default_backend origin
backend origin
  server origin 127.0.0.1:{place.origin_port} pool-max-conn 1000
"""
    )
    return Command(["haproxy", "-db", "-f", f"{place.folder}/haproxy.cfg"])


def h2o(place: Place) -> Command:
    paths = f"""
    paths:
      "/":
        proxy.reverse.url: "http://127.0.0.1:{place.origin_port}/"
"""
    (place.folder / "h2o.conf").write_text(
        f"""
{"user: root" if os.geteuid() == 0 else ""}
num-threads: 1
max-connections: 16000
pid-file: {place.folder}/pid
error-log: {place.folder}/error.log
http1-request-timeout: 300
http2-idle-timeout: 300
proxy.preserve-host: ON
proxy.timeout.keepalive: 300000
proxy.websocket: ON
hosts:
  "{HOST}":
    listen:
      host: 127.0.0.1
      port: {place.http_port}
{paths}
  "{HOST}:{place.tls_port}":
    listen:
      host: 127.0.0.1
      port: {place.tls_port}
      ssl:
        certificate-file: {place.certificate.chain}
        key-file: {place.certificate.key}
        minimum-version: TLSv1.3
{paths}
"""
    )
    return Command(["h2o", "-m", "worker", "-c", f"{place.folder}/h2o.conf"])


def caddy(place: Place) -> Command:
    origin = f"""
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:{place.origin_port} {{
    transport http {{
      keepalive 300s
      keepalive_idle_conns_per_host 512
      compression off
    }}
  }}
"""
    (place.folder / "Caddyfile").write_text(
        f"""
{{
  admin off
  auto_https off
  log {{
    output discard
  }}
  servers {{
    protocols h1 h2
  }}
}}
http://{HOST}:{place.http_port} {{
{origin}
}}
https://{HOST}:{place.tls_port} {{
  tls {place.certificate.chain} {place.certificate.key} {{
    protocols tls1.3
  }}
{origin}
}}
"""
    )
    home = str(place.folder)
    return Command(
        ["caddy", "run", "--config", f"{place.folder}/Caddyfile", "--adapter", "caddyfile"],
        {"GOMAXPROCS": "1", "HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home},
    )


# In the order in which they are measured; the program that must be installed, and the configuration's function.
ALL = {
    "temps": (None, temps),
    "nginx": ("nginx", nginx),
    "nginx-tuned": ("nginx", nginx_tuned),
    "haproxy": ("haproxy", haproxy),
    "h2o": ("h2o", h2o),
    "caddy": ("caddy", caddy),
}

# Beside those, in the test of the access log only.
LOGGING = {
    "temps-log": (None, temps_log),
    "nginx-log": ("nginx", nginx_log),
}


def is_installed(name: str) -> bool:
    program = (ALL | LOGGING)[name][0]
    return program is None or find_program(program) is not None


def find_program(name: str) -> str | None:
    """Debian's servers are in folders that a user's PATH lacks."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def command(name: str, place: Place) -> Command:
    made = (ALL | LOGGING)[name][1](place)
    return Command([find_program(made.words[0]) or made.words[0], *made.words[1:]], made.environment)
