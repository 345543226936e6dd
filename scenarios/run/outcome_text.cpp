#include "scenarios/run/outcome_text.h"

#include "model/cancel_scope.h"

namespace cancelsim::scenarios {

std::string outcome_text(const sim::Error* error, const std::vector<std::string>& names) {
    if (error == nullptr) return "ok";
    switch (error->kind) {
        case sim::ErrorKind::cancelled: return model::is_anyio_cancellation(*error) ? "cancelled" : "native";
        case sim::ErrorKind::runtime_error:
        case sim::ErrorKind::timeout_error:
        case sim::ErrorKind::assertion_error:
        case sim::ErrorKind::attribute_error:
        case sim::ErrorKind::value_error:
        case sim::ErrorKind::queue_empty:
        case sim::ErrorKind::queue_full:
        case sim::ErrorKind::would_block:
        case sim::ErrorKind::closed_resource:
        case sim::ErrorKind::broken_resource:
        case sim::ErrorKind::end_of_stream: return type_name_of(error->kind);
        case sim::ErrorKind::named: return names[error->name];
        case sim::ErrorKind::group: break;
    }
    std::string text = "group(";
    for (std::uint32_t i = 0; i < error->count; ++i) {
        if (i > 0) text += ',';
        text += outcome_text(error->children[i], names);
    }
    return text + ")";
}

}  // namespace cancelsim::scenarios
