// How a command that somebody ran beside an app is ended.
#pragma once
#include "core/task.hpp"
#include "runtime/control_group.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {

// Tells the session's and the group's processes that their terminal is gone (SIGHUP), and kills
// two seconds later what is left of them.
Task<> end_session(ProcessMark leader, ControlGroup group);

}  // namespace temps::runtime
