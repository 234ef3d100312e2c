#include "vault/module.hpp"

#include "vault/vault.hpp"

namespace temps::vault {

const Module module{
    .name = "vault",
    .provide = [](Registry& registry) { registry.provide<Vault>(from<Options>); },
};

}  // namespace temps::vault
