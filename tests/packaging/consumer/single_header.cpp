// SPDX-License-Identifier: MIT

// One header alone brings all that its functions need.
#include <rondo/core/context_var.hpp>

rondo::context context_from_one_header() { return rondo::copy_context(); }
