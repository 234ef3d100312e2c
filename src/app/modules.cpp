#include "app/modules.hpp"

#include "access/module.hpp"
#include "audit/module.hpp"
#include "certificates/module.hpp"
#include "commands/module.hpp"
#include "dashboard/module.hpp"
#include "deploys/module.hpp"
#include "devices/module.hpp"
#include "dns/module.hpp"
#include "domains/module.hpp"
#include "gateway/module.hpp"
#include "git/module.hpp"
#include "identity/module.hpp"
#include "jobs/module.hpp"
#include "machine/module.hpp"
#include "oidc/module.hpp"
#include "projects/module.hpp"
#include "requests/module.hpp"
#include "settings/module.hpp"
#include "sources/module.hpp"
#include "variables/module.hpp"
#include "vault/module.hpp"

namespace temps::app {

std::vector<Module> modules() {
  return {
      jobs::module,      //
      audit::module,     //
      identity::module,  //
      devices::module,   //
      projects::module,  //
      access::module,    //
      oidc::module,      //
      vault::module,     //
      variables::module,
      gateway::module,  //
      domains::module,  //
      dns::module,      //
      certificates::module,
      requests::module,  //
      deploys::module,   //
      commands::module,  //
      git::module,       //
      sources::module,   //
      machine::module,   //
      settings::module,  //
      dashboard::module,
  };
}

std::vector<sql::Migration> migrations() {
  std::vector<sql::Migration> all;
  for (auto part :
       {jobs::migrations(), audit::migrations(), identity::migrations(), projects::migrations(),
        access::migrations(), oidc::migrations(), variables::migrations(), domains::migrations(),
        dns::migrations(), certificates::migrations(), requests::migrations(),
        deploys::migrations(), sources::migrations()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace temps::app
