#include "model/event.h"

#include "model/kernel.h"

namespace cancelsim::model {

void Event::set(Kernel& kernel) {
    if (is_set) return;
    is_set = true;
    for (sim::Task* task = first_waiting; task != nullptr; task = task->next_waiting)
        if (!task->waiter.done()) kernel.set_result(task->waiter);
}

sim::Poll event_wait(Kernel& kernel, Event& event, Task& task) {
    // checkpoint()
    if (event.is_set) return kernel.has(Bug::set_event_does_not_yield) ? sim::Poll::returned() : sim::Poll::yielded();
    task.waiter = {};
    task.next_waiting = nullptr;
    task.previous_waiting = event.last_waiting;
    (event.last_waiting != nullptr ? event.last_waiting->next_waiting : event.first_waiting) = &task;
    event.last_waiting = &task;
    return sim::Poll::awaiting(task.waiter);
}

void event_wait_ends(Event& event, Task& task) {
    (task.previous_waiting != nullptr ? task.previous_waiting->next_waiting : event.first_waiting) = task.next_waiting;
    (task.next_waiting != nullptr ? task.next_waiting->previous_waiting : event.last_waiting) = task.previous_waiting;
}

}  // namespace cancelsim::model
