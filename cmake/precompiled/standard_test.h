// For tests of what stands below objects, and of the judge (cmake/precompiled.cmake). Nobody includes this.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmake/precompiled/standard.h"
