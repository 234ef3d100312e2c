// The words of the commands about where people may log in besides here.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <memory>

#include "app/login_provider_commands.hpp"
#include "app/registration.hpp"

namespace temps::app {

void add_login_provider_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  auto* provider = app.add_subcommand("login-provider", "where people may log in besides here");
  provider->require_subcommand(1);
  const auto options = std::make_shared<LoginProviderOptions>();
  const auto& common = shared.common;
  auto& add = remote(command(*provider, chosen, "add", "let people log in at an OpenID issuer",
                             [&common, options] { return add_login_provider(common, *options); }),
                     shared);
  add.add_option("name", options->name, "short, for addresses, such as google")->required();
  add.add_option("--label", options->label, "what the button says; else the name");
  add.add_option("--issuer", options->issuer, "such as https://accounts.google.com")->required();
  add.add_option("--client-id", options->client_id, "as the provider shows it")->required();
  add.add_option("--email-domain", options->email_domains,
                 "admit people with a verified address there only; may be given more than once")
      ->allow_extra_args(false);
  add.add_option("--unknown-people", options->unknown_people,
                 "refused, invited (whoever has an invitation) or guests (everybody, as guest)")
      ->check(CLI::IsMember({"refused", "invited", "guests"}))
      ->capture_default_str();
  add.add_flag("--link-by-email", options->links_by_email,
               "accounts below admin with the same verified address are linked at once");
  add.add_flag("--trust-second-factor", options->trusted_second_factor,
               "ask for no code after a login there");
  add.add_flag("--secret-stdin", options->secret_from_stdin,
               "read the client secret from standard input instead of asking");
  remote(command(*provider, chosen, "list", "list the providers",
                 [&common] { return list_login_providers(common); }),
         shared);
  remote(command(*provider, chosen, "remove", "forget a provider and who is known by it",
                 [&common, options] { return remove_login_provider(common, options->name); }),
         shared)
      .add_option("name", options->name, "as listed")
      ->required();
}

}  // namespace temps::app
