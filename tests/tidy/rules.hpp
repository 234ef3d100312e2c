// The style rules that a program can check. Each takes the tree and tells what breaks it.
#pragma once
#include "tidy/source.hpp"

namespace temps::tidy {

// Files: 400 lines warn, 600 fail. Functions: 70 lines. Lines of C++: 100 columns, where no literal
// or address makes them longer.
Findings check_sizes(const Tree& tree);

// Words that are not used here, or in some places only, each with what to use instead.
Findings check_words(const Tree& tree);

// Names that hide what a thing is, and paths of one machine.
Findings check_names(const Tree& tree);

// Who may include whom: a module's own headers and those of its direct dependencies; between two
// domains the front door and the errors only; third-party libraries in sources of the lower floors.
Findings check_includes(const Tree& tree);

// Each module has a README.md and a test; each error code begins with its module's name and is
// there once.
Findings check_modules(const Tree& tree);

}  // namespace temps::tidy
