// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>

// #region delegate
rondo::generator<int> squares(int n) {
    for (int i = 1; i <= n; ++i) {
        co_yield i* i;
    }
}

rondo::generator<int> squares_and_a_hundred() {
    co_yield rondo::elements_of(squares(3));
    co_yield 100;
}
// #endregion

// #region send
rondo::generator<double, double> average() {  // Yields doubles, and is sent doubles.
    double sum = 0;
    for (int n = 1;; ++n) {
        sum += co_yield (n > 1 ? sum / (n - 1) : 0);
    }
}
// #endregion

int main() {
    for (int n : squares_and_a_hundred()) {
        std::printf("%d\n", n);
    }

    auto mean = average();
    mean.next();
    for (double x : {10.0, 20.0, 60.0}) {
        std::printf("%g\n", *mean.send(x));
    }
}
