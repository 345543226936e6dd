#include "scenarios/program/object_type.h"

namespace cancelsim::scenarios {

#define CANCELSIM_ROW(kind) &objects::kind,
constexpr std::array<const ObjectType*, kObjectKinds> kObjectTypes{CANCELSIM_OBJECTS(CANCELSIM_ROW)};
#undef CANCELSIM_ROW

}  // namespace cancelsim::scenarios
