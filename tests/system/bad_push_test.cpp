#include "system/world.hpp"
