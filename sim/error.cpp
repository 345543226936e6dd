#include "sim/error.h"

namespace cancelsim::sim {

void set_context(Error& error, Error* handled) {
    if (handled == nullptr || handled == &error) return;
    // Chains stay acyclic, because every link is made here and the one that would close a cycle is
    // cut first.
    for (Error* link = handled; link->context != nullptr; link = link->context) {
        if (link->context == &error) {
            link->context = nullptr;
            break;
        }
    }
    error.context = handled;
}

}  // namespace cancelsim::sim
