#pragma once
#include "sql/catalogue.hpp"

namespace temps::machine {

namespace queries {

inline constexpr sql::Query<std::int64_t> database_size{
    "machine.database_size", "select pg_database_size(current_database())"};

}  // namespace queries

inline sql::Catalogue statements() { return sql::catalogue("machine", queries::database_size); }

}  // namespace temps::machine
