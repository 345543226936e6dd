#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

#define CANCELSIM_ROW(name) &statements::name,
constexpr std::array<const StatementType*, kOps> kStatementTypes{CANCELSIM_STATEMENTS(CANCELSIM_ROW)};
#undef CANCELSIM_ROW

}  // namespace cancelsim::scenarios
