// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace rondo::detail {

/// The members of an aggregate that has Count of them: `in(value, f)` returns f(member...).
/// C++20 binds only as many names as it is given, so each count is written out.
template <std::size_t Count>
struct members_of;

// clang-format off
#define RONDO_MEMBERS(count, ...)                                   \
    template <>                                                     \
    struct members_of<count> {                                      \
        template <class T, class F>                                 \
        static constexpr decltype(auto) in(T& v, F&& f) {           \
            auto& [__VA_ARGS__] = v;                                \
            return f(__VA_ARGS__);                                  \
        }                                                           \
    };
RONDO_MEMBERS(1, a)
RONDO_MEMBERS(2, a, b)
RONDO_MEMBERS(3, a, b, c)
RONDO_MEMBERS(4, a, b, c, d)
RONDO_MEMBERS(5, a, b, c, d, e)
RONDO_MEMBERS(6, a, b, c, d, e, g)
RONDO_MEMBERS(7, a, b, c, d, e, g, h)
RONDO_MEMBERS(8, a, b, c, d, e, g, h, i)
RONDO_MEMBERS(9, a, b, c, d, e, g, h, i, j)
RONDO_MEMBERS(10, a, b, c, d, e, g, h, i, j, k)
RONDO_MEMBERS(11, a, b, c, d, e, g, h, i, j, k, l)
RONDO_MEMBERS(12, a, b, c, d, e, g, h, i, j, k, l, m)
RONDO_MEMBERS(13, a, b, c, d, e, g, h, i, j, k, l, m, n)
RONDO_MEMBERS(14, a, b, c, d, e, g, h, i, j, k, l, m, n, o)
RONDO_MEMBERS(15, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p)
RONDO_MEMBERS(16, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q)
RONDO_MEMBERS(17, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r)
RONDO_MEMBERS(18, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s)
RONDO_MEMBERS(19, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
RONDO_MEMBERS(20, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
RONDO_MEMBERS(21, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w)
RONDO_MEMBERS(22, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x)
RONDO_MEMBERS(23, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y)
RONDO_MEMBERS(24, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z)
RONDO_MEMBERS(25, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A)
RONDO_MEMBERS(26, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B)
RONDO_MEMBERS(27, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C)
RONDO_MEMBERS(28, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D)
RONDO_MEMBERS(29, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E)
RONDO_MEMBERS(30, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G)
RONDO_MEMBERS(31, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H)
RONDO_MEMBERS(32, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I)
RONDO_MEMBERS(33, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J)
RONDO_MEMBERS(34, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K)
RONDO_MEMBERS(35, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L)
RONDO_MEMBERS(36, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M)
RONDO_MEMBERS(37, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N)
RONDO_MEMBERS(38, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O)
RONDO_MEMBERS(39, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P)
RONDO_MEMBERS(40, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q)
RONDO_MEMBERS(41, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R)
RONDO_MEMBERS(42, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S)
RONDO_MEMBERS(43, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U)
RONDO_MEMBERS(44, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V)
RONDO_MEMBERS(45, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W)
RONDO_MEMBERS(46, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X)
RONDO_MEMBERS(47, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y)
RONDO_MEMBERS(48, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z)
RONDO_MEMBERS(49, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa)
RONDO_MEMBERS(50, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab)
RONDO_MEMBERS(51, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac)
RONDO_MEMBERS(52, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad)
RONDO_MEMBERS(53, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae)
RONDO_MEMBERS(54, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af)
RONDO_MEMBERS(55, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag)
RONDO_MEMBERS(56, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah)
RONDO_MEMBERS(57, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai)
RONDO_MEMBERS(58, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj)
RONDO_MEMBERS(59, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak)
RONDO_MEMBERS(60, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak, al)
RONDO_MEMBERS(61, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak, al, am)
RONDO_MEMBERS(62, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak, al, am, an)
RONDO_MEMBERS(63, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak, al, am, an, ao)
RONDO_MEMBERS(64, a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, w, x, y, z, A, B, C,
    D, E, G, H, I, J, K, L, M, N, O, P, Q, R, S, U, V, W, X, Y, Z, aa, ab, ac, ad, ae, af, ag, ah,
    ai, aj, ak, al, am, an, ao, ap)
#undef RONDO_MEMBERS
// clang-format on

}  // namespace rondo::detail
