// The container engine of this machine, for the tests that need one.
#pragma once
#include <string>
#include <string_view>

#include "net/loop.hpp"
#include "system/program.hpp"

namespace temps::e2e {

// TEMPS_DOCKER_SOCKET, else the usual place.
std::string engine_socket();
bool engine_answers(net::Loop& loop, const std::string& socket);
bool has_image(net::Loop& loop, const std::string& name);

// Removes what one installation of Temps has left in the engine: containers, images, networks.
void clear_engine(net::Loop& loop, std::string_view installation);
// Kills the containers of an installation, as a crash of the machine does.
void kill_containers(net::Loop& loop, std::string_view installation);

}  // namespace temps::e2e
