// SPDX-License-Identifier: MIT
setTimeout(() => console.log('hello'), 0);
