// The words of the commands about names of one's own and what visitors are shown there.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/registration.hpp"

namespace temps::app {

namespace {

CLI::App& with_domain(CLI::App& app, DomainOptions& domain) {
  app.add_option("domain", domain.name, "its name, such as shop.example.com")->required();
  app.add_option("--project", domain.project, "the project's name")->required();
  return app;
}

void add_domains(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* domain = app.add_subcommand("domain", "names of your own for a project");
  domain->require_subcommand(1);
  const auto options = std::make_shared<DomainOptions>();
  const auto word = [&](const char* name, const char* help,
                        Result<> (*action)(const Common&, const DomainOptions&)) -> CLI::App& {
    return remote(
        command(*domain, chosen, name, help,
                [options, action, &common = shared.common] { return action(common, *options); }),
        shared);
  };
  auto& add = with_domain(word("add", "let a project answer at a name", add_domain), *options);
  add.add_option("--environment", options->environment, "which of the project's")
      ->capture_default_str();
  add.add_option("--redirect-to", options->redirect_to, "send visitors to this address instead");
  add.add_option("--status", options->status, "of the redirect: 301, 302, 307 or 308")
      ->capture_default_str();
  add.add_flag("--drop-path", options->drop_path, "redirect every path to the address itself");
  add.add_flag("--no-https-redirect", options->no_https_redirect,
               "go on answering over http when there is a certificate");
  add.add_flag("--no-wait", options->no_wait, "do not wait for the certificate");
  auto& list = remote(command(*domain, chosen, "list", "list a project's domains",
                              [options, &common = shared.common] {
                                return list_domains(common, options->project);
                              }),
                      shared);
  list.add_option("--project", options->project, "the project's name")->required();
  with_domain(word("check", "look up its DNS records now", check_domain), *options);
  with_domain(word("remove", "let a project answer there no more", remove_domain), *options);
}

void add_dns(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* dns = app.add_subcommand("dns", "who keeps the records of your zones");
  dns->require_subcommand(1);
  const auto options = std::make_shared<DnsOptions>();
  const auto& common = shared.common;
  auto& add = remote(command(*dns, chosen, "add", "let Temps prove wildcards of a zone by itself",
                             [&common, options] { return add_dns_provider(common, *options); }),
                     shared);
  add.add_option("zone", options->zone, "such as example.com")->required();
  add.add_option("--kind", options->kind, "rfc2136 or cloudflare")->capture_default_str();
  add.add_option("--server", options->server,
                 "the zone's primary name server, with a port or without");
  add.add_option("--key-name", options->key_name, "of the TSIG key (hmac-sha256)");
  add.add_flag("--key-stdin", options->key_from_stdin,
               "read the key or token from standard input instead of asking");
  remote(command(*dns, chosen, "list", "list the providers",
                 [&common] { return list_dns_providers(common); }),
         shared);
  auto& remove =
      remote(command(*dns, chosen, "remove", "forget a provider and its key",
                     [&common, options] { return remove_dns_provider(common, options->zone); }),
             shared);
  remove.add_option("zone", options->zone, "as listed")->required();
}

struct CertificateWords {
  std::string chain_file;
  std::string key_file;
  std::int64_t number = 0;
};

void add_certificates(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* certificate = app.add_subcommand("certificate", "what visitors are shown over https");
  certificate->require_subcommand(1);
  const auto words = std::make_shared<CertificateWords>();
  const auto& common = shared.common;
  remote(command(*certificate, chosen, "list", "list the certificates",
                 [&common] { return list_certificates(common); }),
         shared);
  auto& upload =
      remote(command(*certificate, chosen, "upload", "give Temps a certificate of your own",
                     [&common, words] {
                       return upload_certificate(common, words->chain_file, words->key_file);
                     }),
             shared);
  upload.add_option("--chain", words->chain_file, "a PEM file: the certificate, then its issuers")
      ->required();
  upload.add_option("--key", words->key_file, "a PEM file: its private key, without passphrase")
      ->required();
  auto& renew =
      remote(command(*certificate, chosen, "renew", "get a new one now, of those that Temps renews",
                     [&common, words] { return renew_certificate(common, words->number); }),
             shared);
  auto& remove =
      remote(command(*certificate, chosen, "remove", "show it to nobody any more",
                     [&common, words] { return remove_certificate(common, words->number); }),
             shared);
  for (auto* numbered : {&renew, &remove}) {
    numbered
        ->add_option("number", words->number, "the certificate's number (temps certificate list)")
        ->required();
  }
}

}  // namespace

void add_domain_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  add_domains(app, chosen, shared);
  add_dns(app, chosen, shared);
  add_certificates(app, chosen, shared);
}

}  // namespace temps::app
