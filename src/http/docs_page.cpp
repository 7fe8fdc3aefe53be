// SPDX-License-Identifier: MIT
#include "http/docs_page.hpp"

#include <cstddef>

// The page is a file of its own, put into the library as it is.
asm(R"(
    .pushsection .rodata
    .global rondo_docs_page_begin
    .hidden rondo_docs_page_begin
    .global rondo_docs_page_end
    .hidden rondo_docs_page_end
rondo_docs_page_begin:
    .incbin ")" RONDO_DOCS_PAGE R"("
rondo_docs_page_end:
    .popsection
)");

extern "C" {
extern const char rondo_docs_page_begin[];
extern const char rondo_docs_page_end[];
}

namespace rondo::http::detail {

std::string docs_page(std::string_view openapi_url) {
    constexpr std::string_view placeholder = "$OPENAPI_URL";
    std::string page(rondo_docs_page_begin, rondo_docs_page_end);
    for (std::size_t at = page.find(placeholder); at != std::string::npos;
         at = page.find(placeholder, at + openapi_url.size())) {
        page.replace(at, placeholder.size(), openapi_url);
    }
    return page;
}

}  // namespace rondo::http::detail
