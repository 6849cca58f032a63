// For tests above the floor of objects (cmake/precompiled.cmake). Nobody includes this.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/precompiled/objects.h"
