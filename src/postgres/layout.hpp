// Where the files of a server lie and what stands in its settings. Private to postgres.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/account.hpp"
#include "postgres/postgres.hpp"

namespace temps::postgres {

// sun_path of unix(7) has 108 bytes with the zero at its end.
inline constexpr std::size_t socket_path_max = 107;

struct Layout {
  std::filesystem::path folder;
  std::filesystem::path socket_folder;

  [[nodiscard]] std::filesystem::path data() const { return folder / "data"; }
  // Where initdb works; becomes `data` when it is whole.
  [[nodiscard]] std::filesystem::path unfinished_data() const { return folder / "data.new"; }
  [[nodiscard]] std::filesystem::path settings() const { return folder / "postgresql.conf"; }
  [[nodiscard]] std::filesystem::path access() const { return folder / "pg_hba.conf"; }
  [[nodiscard]] std::filesystem::path users() const { return folder / "pg_ident.conf"; }
  [[nodiscard]] std::filesystem::path log() const { return folder / "postgres.log"; }
  [[nodiscard]] std::filesystem::path lock() const { return folder / "lock"; }
};

// `own_uid` is ours: it decides where a short socket folder may be.
Layout layout_of(const Options& options, std::uint32_t own_uid);

std::string settings_text(Durability durability);
std::string access_text();
// Who may connect as whom. `own_name` is the user that we are.
std::string users_text(const Account& account, std::string_view own_name);

// A libpq keyword/value string; `server_user` is who must be at the other end of the socket.
std::string connection_string(const std::filesystem::path& socket_folder,
                              std::string_view server_user, std::string_view database);

// The lines of a log that say why the server does not start, at most a few.
std::string reason_in(std::string_view log);

}  // namespace temps::postgres
