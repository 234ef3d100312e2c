#include "core/task.hpp"

namespace temps::detail {

Error foreign_exception(std::exception_ptr exception) {
  try {
    std::rethrow_exception(std::move(exception));
  } catch (const std::exception& foreign) {
    return Error(errors::internal, std::string(errors::internal.title), {}, foreign.what());
  } catch (...) {
    return Error(errors::internal, std::string(errors::internal.title), {}, "an unknown exception");
  }
}

}  // namespace temps::detail
