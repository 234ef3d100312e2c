// The ways to change records: one class for each kind of provider.
#pragma once
#include "dns/dns.hpp"
#include "dns/update.hpp"
#include "http/client.hpp"

namespace temps::dns {

// By RFC 2136 over TCP.
class UpdatedServer final : public Records {
 public:
  UpdatedServer(net::Loop& loop, const Clock& clock, Provider provider, Key key)
      : loop_(loop), clock_(clock), provider_(std::move(provider)), key_(std::move(key)) {}
  Task<> put(TextRecord record) override;
  Task<> remove(TextRecord record) override;

 private:
  Task<> change(TextRecord record, Change change);
  Task<std::string> ask(std::string message);

  net::Loop& loop_;
  const Clock& clock_;
  Provider provider_;
  Key key_;
};

// By Cloudflare's API v4.
class Cloudflare final : public Records {
 public:
  static constexpr std::string_view usual_server = "https://api.cloudflare.com";

  Cloudflare(net::Loop& loop, Provider provider, Secret token)
      : loop_(loop), provider_(std::move(provider)), token_(std::move(token)) {}
  Task<> put(TextRecord record) override;
  Task<> remove(TextRecord record) override;

 private:
  Task<std::string> call(std::string method, std::string path, std::string body = {});
  Task<std::string> zone_path();

  net::Loop& loop_;
  Provider provider_;
  Secret token_;
};

}  // namespace temps::dns
