// A call whose change is noted before and after. Private to the module.
#pragma once
#include "core/task.hpp"
#include "http/journal.hpp"
#include "http/router.hpp"

namespace temps::http {

// Reads a JSON body before the note is made, so that the note holds it. Fails with what the journal
// and the handler fail with. When the outcome cannot be noted, that is logged: the change is made
// by then, and stays in the journal without one.
Task<Response> recorded_call(Journal& journal, const Router& router, const Route& route,
                             Request& request);

}  // namespace temps::http
