// The objects of a case: what its key `objects` lists.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// A row a kind of object, as CASES.md spells it. A row's place is the kind's code in tokens: new rows go to the end,
/// and none ever moves. The row KIND stands for `objects::KIND`, an ObjectType, which a file of scenarios/objects/
/// defines.
// clang-format off: a row a line
#define CANCELSIM_OBJECTS(row)                                                                                \
    row(lock) row(semaphore) row(limiter) row(condition) row(stream) row(asyncio_lock) row(asyncio_semaphore) \
        row(asyncio_condition) row(asyncio_queue)
// clang-format on

namespace cancelsim::scenarios {

/// The number of a name in Case::names.
using Name = std::uint32_t;
inline constexpr Name kNoName = UINT32_MAX;

/// Which kind it is: its row.
enum class ObjectKind : std::uint8_t {
#define CANCELSIM_ROW(kind) kind,
    CANCELSIM_OBJECTS(CANCELSIM_ROW)
#undef CANCELSIM_ROW
};

#define CANCELSIM_ROW(kind) +1
inline constexpr int kObjectKinds = 0 CANCELSIM_OBJECTS(CANCELSIM_ROW);
#undef CANCELSIM_ROW

/// An object that a case lists, with its properties; those that its kind does not have are as they are here.
struct ObjectSpec {
    static constexpr std::int64_t kNoMaximum = -1;

    Name name = kNoName;
    ObjectKind kind = ObjectKind::lock;
    bool fast_acquire = false;
    std::int64_t amount = 0;              ///< `value`, `tokens` or `buffer`
    std::int64_t max_value = kNoMaximum;  ///< at least `amount`, or kNoMaximum
    Name lock = kNoName;                  ///< of a condition: the object that is its lock, or kNoName: one of its own

    bool operator==(const ObjectSpec&) const = default;
};

struct ObjectType;
/// By ObjectKind. Defined beside the kinds.
extern const std::array<const ObjectType*, kObjectKinds> kObjectTypes;
inline const ObjectType& type_of(ObjectKind kind) { return *kObjectTypes[static_cast<std::size_t>(kind)]; }

namespace objects {
#define CANCELSIM_ROW(kind) extern const ObjectType kind;
CANCELSIM_OBJECTS(CANCELSIM_ROW)
#undef CANCELSIM_ROW
}  // namespace objects

}  // namespace cancelsim::scenarios
