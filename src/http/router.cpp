// SPDX-License-Identifier: MIT
#include "http/router_core.hpp"
#include <rondo/http/router.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo::http {

namespace detail {
namespace {

/// The names in `{name}` and `{name:converter}`, in their order.
std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at)) {
        const std::size_t end = std::min(path.find('}', at), path.size());
        const std::string_view inside = path.substr(at + 1, end - at - 1);
        names.emplace_back(inside.substr(0, inside.find(':')));
        at = end;
    }
    return names;
}

void check_prefix(std::string_view prefix) {
    if (!prefix.empty() && (!prefix.starts_with('/') || prefix.ends_with('/'))) {
        throw std::logic_error("router: the prefix \"" + std::string(prefix) +
                               "\" has to begin with a slash and to end without one");
    }
    if (prefix.find('{') != std::string_view::npos) {
        throw std::logic_error("router: the prefix \"" + std::string(prefix) +
                               "\" has a {name}; write it in each route, whose handler takes it");
    }
}

}  // namespace

operation_core::operation_core(std::string_view m, std::string p, const operation_options& o,
                               const handler_spec& s, void* h)
    : method(m),
      path(std::move(p)),
      names(names_in(path)),
      spec(s),
      handler(h),
      status_code(o.status_code),
      summary(o.summary),
      description(o.description),
      response_description(o.response_description),
      operation_id(o.operation_id),
      deprecated(o.deprecated),
      include_in_schema(o.include_in_schema) {
    dump.exclude_none = o.exclude_none;
    dump.exclude_defaults = o.exclude_defaults;
    if (!o.tag.empty()) {
        tags.emplace_back(o.tag);
    }
}

operation_core& router_core::add(std::string_view method, std::string_view path,
                                 const operation_options& options, const handler_spec& spec,
                                 void* handler) {
    auto made = std::make_unique<operation_core>(method, prefix + std::string(path), options, spec,
                                                 handler);
    made->function = bind(spec.parameters, made->names, made->title());
    if (!tag.empty()) {
        made->tags.insert(made->tags.begin(), tag);
    }
    made->include_in_schema = made->include_in_schema && include_in_schema;
    made->dependencies = dependencies;
    operations.push_back(std::move(made));
    return *operations.back();
}

void router_core::take_in(router_core& other, std::string_view under) {
    check_prefix(under);
    for (auto& operation : other.operations) {
        operation->path = prefix + std::string(under) + operation->path;
        operation->dependencies.insert(operation->dependencies.begin(), dependencies.begin(),
                                       dependencies.end());
        if (!tag.empty()) {
            operation->tags.insert(operation->tags.begin(), tag);
        }
        operations.push_back(std::move(operation));
    }
    other.operations.clear();
}

}  // namespace detail

router::router(std::string_view prefix) : router(router_options{.prefix = prefix}) {}
router::router(const router_options& options) : core_(new detail::router_core(options)) {
    detail::check_prefix(options.prefix);
}
router::router(box<detail::router_core> core) noexcept : core_(std::move(core)) {}
router::router(router&& other) noexcept = default;
router& router::operator=(router&& other) noexcept = default;
router::~router() = default;

operation router::add(std::string_view method, std::string_view path, const operation_options& o,
                      const detail::handler_spec& spec, void* handler) {
    return operation(core_->add(method, path, o, spec, handler));
}

void router::add_dependency(const detail::dependency_spec& spec) {
    core_->dependencies.push_back(&spec);
}

void router::include_router(router&& other, std::string_view prefix) {
    core_->take_in(*other.core_, prefix);
}

operation& operation::tag(std::string_view name) {
    core_->tags.emplace_back(name);
    return *this;
}

void operation::add_dependency(const detail::dependency_spec& spec) {
    core_->dependencies.push_back(&spec);
}

operation& operation::document(int status_code, const rondo::detail::type_table* type,
                               std::string_view description) {
    detail::documented_answer answer{status_code, type, std::string(description)};
    core_->answers.push_back(std::move(answer));
    return *this;
}

}  // namespace rondo::http
