// Where a Debian machine has its packages from: the files below /etc/apt.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace temps::baseimages {

struct Sources {
  std::string mirror{};    // "http://deb.debian.org/debian"
  std::string security{};  // empty where there is none
};

// Adds what the text of a *.list or *.sources file says to what is not known yet. Other
// distributions' archives are left out.
void add_sources(Sources& sources, std::string_view text);

// Of this machine; Debian's own mirror where its files name none.
Sources sources_of_machine(const std::filesystem::path& apt_folder = "/etc/apt");

// The text of a sources.list for Debian 12.
std::string sources_list(const Sources& sources);

}  // namespace temps::baseimages
