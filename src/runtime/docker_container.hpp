// A container as the engine is asked for it.
#pragma once
#include <string>

#include "runtime/runtime.hpp"

namespace temps::runtime {

struct ContainerOwner {
  std::string installation;
  std::string network;
  std::string process{};  // of a one-off container: the process of ours that began it
};

// JSON for /containers/create: of an instance of the app, and of a container for one command, whose
// streams are attached to and kept nowhere.
std::string instance_container(const InstanceSpec& spec, const ContainerOwner& owner);
std::string one_off_container(const InstanceSpec& spec, const Command& command,
                              const ContainerOwner& owner);

}  // namespace temps::runtime
