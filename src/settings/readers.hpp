// How the texts of settings become values. Each fails with `settings.bad_value` and says what would
// be one. Private to the module.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/reflect.hpp"
#include "core/secret.hpp"
#include "net/socket.hpp"
#include "settings/settings.hpp"

namespace temps::settings {

Result<> read(std::string& to, std::string_view text);
Result<> read(Secret& to, std::string_view text);
Result<> read(bool& to, std::string_view text);
Result<> read(std::filesystem::path& to, std::string_view text);
Result<> read(net::Address& to, std::string_view text);
Result<> read(std::optional<net::Address>& to, std::string_view text);
Result<> read(std::uint16_t& to, std::string_view text);
Result<> read(std::vector<std::string>& to, std::string_view text);
Result<> read(double& to, std::string_view text);
Result<> read(std::uint32_t& to, std::string_view text);
Result<> read(std::uint64_t& to, std::string_view text);
Result<> read(std::chrono::seconds& to, std::string_view text);
Result<> into_build_cache(Settings& settings, std::string_view text);
Result<> into_dns_server(Settings& settings, std::string_view text);
Result<> into_acme_directory(Settings& settings, std::string_view text);
Result<> into_public_url(Settings& settings, std::string_view text);
// What a project's name can stand in front of.
Result<> into_base_domain(Settings& settings, std::string_view text);
Result<> into_proxy_threads(Settings& settings, std::string_view text);
Result<> into_kernel_tls(Settings& settings, std::string_view text);
Result<> into_client_rate_min(Settings& settings, std::string_view text);
Result<> into_access_log(Settings& settings, std::string_view text);
Result<> read_networks(std::vector<std::string>& to, std::string_view text);
Result<> read_days(std::uint32_t& to, std::string_view text);
Result<> wrong_word();

template <class E>
  requires std::is_enum_v<E>
Result<> read(E& to, std::string_view text) {
  // `auto` is a word of C++.
  auto value = reflect::enum_value<E>(text);
  if (!value) value = reflect::enum_value<E>(std::string(text) + "_");
  if (!value) return wrong_word();
  to = *value;
  return {};
}

template <auto member>
Result<> into(Settings& settings, std::string_view text) {
  return read(settings.*member, text);
}

template <auto member>
Result<> into_networks(Settings& settings, std::string_view text) {
  return read_networks(settings.*member, text);
}

template <auto member>
Result<> into_days(Settings& settings, std::string_view text) {
  return read_days(settings.*member, text);
}

}  // namespace temps::settings
