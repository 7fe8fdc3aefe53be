// SPDX-License-Identifier: MIT
// expect: rondo needs a 64-bit Linux
// The compiler is made to say what one for a machine of 32 bits says.

#ifndef RONDO_GOOD
#undef __SIZEOF_POINTER__
#define __SIZEOF_POINTER__ 4
#endif
#include <rondo/base/detail/config.hpp>
