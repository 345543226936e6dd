// For each defect a program written for it, most of them after the test that came with anyio's fix.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "model/switches.h"
#include "scenarios/program/case_json.h"
#include "scenarios/run/trace_writer.h"

namespace cancelsim::scenarios {

namespace {

using model::Bug;
using model::Fix;
using model::Switch;
using model::Switches;

struct Trigger {
    Switch what;
    std::string_view kernel;
    std::string_view shows;    ///< what the switch makes of the program
    std::string_view program;  ///< what a case holds beside its name
    std::string_view without;  ///< only in the trace without the switch
    std::string_view with;     ///< only in the trace with it
};

const Trigger kTriggers[] = {
    {Bug::swallows_without_asking_parent, "4.13.0", "code between two cancelled scopes runs",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"cancel","scope":"outer"},
          {"op":"scope","name":"inner","body":[
            {"op":"cancel","scope":"inner"},
            {"op":"sleep","for":9}]},
          {"op":"note","text":"between"}]}])",
     R"("scope_exit","main","inner",true,false,"cancelled")", R"("note","main","between")"},
    {Bug::asks_parent_despite_shield, "4.13.0", "a shielded scope does not swallow its own cancellation",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"scope","name":"inner","shield":true,"body":[
            {"op":"cancel","scope":"inner"},
            {"op":"try","body":[{"op":"checkpoint"}],"finally":[{"op":"cancel","scope":"outer"}]}]},
          {"op":"note","text":"between"}]}])",
     R"("note","main","between")", R"("scope_exit","main","inner",true,false,"cancelled")"},
    {Bug::uncancels_what_travels_on, "4.13.0", "a cancelled task's count of requests falls before it has ended",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"scope","name":"s","body":[
              {"op":"cancel","scope":"g"},
              {"op":"cancel","scope":"s"},
              {"op":"sleep","for":9}]}]}]}])",
     R"("task_end","t","cancelled",1)", R"("task_end","t","cancelled",0)"},
    {Bug::hands_parent_no_cancels, "4.13.0", "the request of an inner scope is never undone",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"cancel","scope":"outer"},
          {"op":"scope","name":"inner","body":[
            {"op":"cancel","scope":"inner"},
            {"op":"sleep","for":9}]}]}])",
     R"("task_end","main","ok",0)", R"("task_end","main","ok",1)"},
    {Bug::waits_for_children_unshielded, "4.13.0", "a group that waits for a shielded child spins",
     R"("main":[{"op":"group","name":"outer","body":[
          {"op":"spawn","group":"outer","task":"middle","body":[
            {"op":"group","name":"inner","body":[
              {"op":"spawn","group":"inner","task":"shielded","body":[
                {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]}]}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"outer"}]}])",
     R"("verdict":"quiescent")", R"("verdict":"budget")"},
    {Bug::cancels_woken_task, "4.13.0", "a waiter whose event was set first is cancelled all the same",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"setter","body":[
            {"op":"event_set","event":"e"},
            {"op":"cancel","scope":"g"}]},
          {"op":"event_wait","event":"e"},
          {"op":"note","text":"woke"}]}])",
     R"("note","main","woke")", R"("await","main",4,"cancelled")"},
    {Bug::skips_child_scope_of_shielded_host, "4.13.0", "a host under a shield hides its group's tasks",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"waiter","body":[
              {"op":"try","body":[{"op":"event_wait","event":"never"}],
               "finally":[{"op":"event_set","event":"cancelled"}]}]},
            {"op":"sleep","for":1},
            {"op":"scope","name":"s","shield":true,"body":[
              {"op":"cancel","scope":"outer"},
              {"op":"event_wait","event":"cancelled"}]}]}]}])",
     R"("parked":[])", R"("parked":["main","waiter"])"},
    {Bug::delivers_into_shielded_scopes, "4.13.0", "a shielded task is cancelled from outside",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"scope","name":"s","shield":true,"body":[
            {"op":"cancel","scope":"outer"},
            {"op":"sleep","for":1}]}]}])",
     R"("await","main",3,"ok")", R"("await","main",3,"cancelled")"},
    {Bug::restarts_parent_only_after_shield, "4.13.0", "leaving an inner cancelled scope forgets the outer one",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"scope","name":"middle","body":[
            {"op":"scope","name":"s","shield":true,"body":[
              {"op":"cancel","scope":"outer"},
              {"op":"cancel","scope":"middle"}]}]},
          {"op":"sleep","for":1}]}])",
     R"("await","main",5,"cancelled")", R"("await","main",5,"ok")"},
    {Bug::unshielding_delivers_nothing, "4.13.0", "dropping the shield lets no cancellation in",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"scope","name":"s","shield":true,"body":[
            {"op":"cancel","scope":"outer"},
            {"op":"sleep","for":1},
            {"op":"set_shield","scope":"s","value":false},
            {"op":"event_wait","event":"never"}]}]}])",
     R"("await","main",5,"cancelled")", R"("parked":["main"])"},
    {Bug::uncancels_for_all_tasks, "4.13.0", "a native request of the host is undone for a child's",
     R"("main":[
          {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"all"},
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]},
            {"op":"sleep","for":1},
            {"op":"cancel","scope":"g"},
            {"op":"sleep","for":9}]}])",
     R"("task_end","main","ok",1)", R"("task_end","main","ok",0)"},
    {Bug::uncancels_nothing, "4.13.0", "a task looks cancelled after its scope has swallowed everything",
     R"("main":[{"op":"scope","name":"s","body":[
          {"op":"cancel","scope":"s"},
          {"op":"checkpoint"}]}])",
     R"("task_end","main","ok",0)", R"("task_end","main","ok",1)"},
    {Bug::looks_at_own_message_only, "4.13.0", "a CancelledError raised in place of the scope's own escapes it",
     R"("main":[{"op":"scope","name":"s","body":[
          {"op":"cancel","scope":"s"},
          {"op":"try","body":[{"op":"checkpoint"}],"catch":"cancelled","then":"raise_cancelled"}]}])",
     R"("scope_exit","main","s",true,true,"ok")", R"("scope_exit","main","s",true,false,"cancelled")"},
    {Bug::wait_for_children_drops_native_cancel, "4.13.0", "a native cancellation is lost in a group's wait",
     R"("main":[
          {"op":"spawn_detached","task":"host","body":[
            {"op":"group","name":"g","body":[
              {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]},
            {"op":"note","text":"after"}]},
          {"op":"sleep","for":1},
          {"op":"native_cancel","task":"host"}])",
     R"("task_end","host","native",1)", R"("note","host","after")"},
    {Bug::native_cancel_spares_children, "4.13.0", "children live on when their host was cancelled natively",
     R"("main":[
          {"op":"spawn_detached","task":"host","body":[
            {"op":"group","name":"g","body":[
              {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]}]},
          {"op":"sleep","for":1},
          {"op":"native_cancel","task":"host"}])",
     R"("task_end","t","cancelled",1)", R"("task_end","t","ok",0)"},
    {Bug::cancelled_start_cancels_group, "4.13.0", "a cancelled start() cancels the whole group",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"scope","name":"s","body":[
            {"op":"cancel","scope":"s"},
            {"op":"start","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]}]}])",
     R"("group_exit","main","g",false,false,"ok")", R"("cancel","g",null)"},
    {Bug::cancels_started_child_natively, "4.14.2", "a child's shield does not hold until it has called started()",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"starter","body":[
              {"op":"start","group":"g","task":"t","body":[
                {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]}]},
            {"op":"sleep","for":1},
            {"op":"cancel","scope":"outer"}]}]}])",
     R"("await","t",5,"ok")", R"("await","t",5,"native")"},
    {Fix::child_error_always_cancels_group, "4.13.0", "a failed child cancels its group, whatever is cancelled outside",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"group","name":"g","body":[
            {"op":"cancel","scope":"outer"},
            {"op":"spawn","group":"g","task":"t","body":[{"op":"raise","error":"boom"}]},
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":1}]},
            {"op":"set_shield","scope":"g","value":true},
            {"op":"sleep","for":1}]}]}])",
     R"("await","main",8,"ok")", R"("await","main",8,"cancelled")"},
    {Fix::leaves_group_without_cancel_point, "4.13.0", "leaving a group does not raise what hit none of its children",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"cancel","scope":"outer"},
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"t","body":[
              {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":1}]}]}]}]}])",
     R"("group_exit","main","g",true,false,"cancelled")", R"("group_exit","main","g",true,false,"ok")"},
    {Fix::leaves_group_without_cancel_point, "4.13.0", "a native cancellation waits until the group was left",
     R"("main":[
          {"op":"native_cancel","task":"main"},
          {"op":"group","name":"g","body":[]},
          {"op":"checkpoint"}])",
     R"("group_exit","main","g",false,false,"native")", R"("await","main",2,"native")"},
    {Fix::raises_cancellation_of_children, "4.13.0", "leaving a group raises what has hit one of its children",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"cancel","scope":"outer"},
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"t","body":[
              {"op":"try","body":[{"op":"checkpoint"}],"finally":[{"op":"event_set","event":"e"}]}]},
            {"op":"scope","name":"s","shield":true,"body":[{"op":"event_wait","event":"e"}]}]}]}])",
     R"("group_exit","main","g",false,false,"ok")", R"("group_exit","main","g",false,false,"cancelled")"},
    {Fix::asks_again_for_native_cancel, "4.13.0", "a native cancellation folded into a scope's own comes after it",
     R"("main":[
          {"op":"spawn_detached","task":"t","body":[
            {"op":"scope","name":"s","body":[{"op":"sleep","for":9}]},
            {"op":"checkpoint"}]},
          {"op":"event_wait","event":"e"},
          {"op":"native_cancel","task":"t"}],
        "environment":[{"at":1,"do":[{"op":"event_set","event":"e"},{"op":"cancel","scope":"s"}]}])",
     R"("await","t",3,"ok")", R"("await","t",3,"native")"},
    {Fix::hands_cancels_to_same_host_only, "4.13.0", "a native request to a group's host outlives a scope of a child",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"scope","name":"s","body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}]}]},
          {"op":"native_cancel","task":"main"}]}])",
     R"("task_end","main","native",0)", R"("task_end","main","native",1)"},
    {Fix::waits_for_late_children, "4.14.2", "what is spawned in the last checkpoint of a group is waited for",
     R"("main":[{"op":"group","name":"outer","body":[
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"outer","task":"t","body":[
              {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":1}]}]}]}]}])",
     R"(,0,"group_exit","main","g",false,false,"ok")", R"(,1,"group_exit","main","g",false,false,"ok")"},
    {Fix::waits_for_late_children, "4.14.2",
     "a native cancellation of the last checkpoint cancels what is spawned in it",
     R"("main":[{"op":"group","name":"outer","body":[
          {"op":"try","body":[{"op":"group","name":"g","body":[
            {"op":"spawn","group":"outer","task":"t","body":[
              {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":5}]},
              {"op":"native_cancel","task":"main"}]}]}],"catch":"all"}]}])",
     R"("await","late",5,"ok")", R"("await","late",5,"cancelled")"},
    {Fix::waits_for_late_children, "4.14.2", "an error is raised though the last checkpoint was cancelled natively",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[{"op":"raise","error":"E"}]},
          {"op":"try","body":[{"op":"sleep","for":1}],"catch":"cancelled"},
          {"op":"native_cancel","task":"main"}]}])",
     R"("task_end","main","native",1)", R"("task_end","main","group)"},
    {Fix::cancelled_start_raises_error_of_child, "4.14.2", "a cancelled start() raises the error that ended its child",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"scope","name":"s","deadline":1,"body":[
            {"op":"start","group":"g","task":"t","body":[
              {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"E"}]}]}]}]}])",
     R"("scope_exit","main","s",true,true,"ok")", R"("scope_exit","main","s",true,false,"E")"},
    {Fix::cancelled_start_raises_error_of_child, "4.14.2",
     "a start() that is cancelled as its child fails raises the child's error",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"start","group":"g","task":"t","body":[{"op":"raise","error":"E"}]}]}],
        "environment":[{"at_iteration":3,"do":[{"op":"native_cancel","task":"main"}]}])",
     R"("await","main",1,"native")", R"("await","main",1,"E")"},
    {Fix::cancelled_start_keeps_waiting, "4.14.2", "a start() that is cancelled twice waits for its child",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"start","group":"g","task":"t","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"g"}]},{"at":2,"do":[{"op":"native_cancel","task":"main"}]}])",
     R"(,2,"await","main",1,"cancelled")", R"(,5,"await","main",1,"cancelled")"},
    {Fix::cancels_left_scopes, "4.14.2", "a scope that was left by hand can be cancelled while a task is in it",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]},
          {"op":"exit","scope":"g"},
          {"op":"checkpoint"},
          {"op":"cancel","scope":"g"}]}])",
     R"("await","t",2,"ok")", R"("await","t",2,"cancelled")"},
    {Fix::cancels_left_scopes, "4.14.2", "a pass of the parent comes to a scope that was left by hand",
     R"("main":[{"op":"scope","name":"outer","deadline":1,"body":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]},
          {"op":"exit","scope":"g"},
          {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]}]}])",
     R"("await","t",3,"ok")", R"("await","t",3,"cancelled")"},
    {Fix::starts_in_no_scope_for_unscoped_caller, "4.15.1",
     "a start() in no scope returns though its child's group was cancelled meanwhile",
     R"("main":[
          {"op":"spawn_detached","task":"caller","body":[
            {"op":"checkpoint"},
            {"op":"start","group":"g","task":"t","body":[{"op":"sleep","for":2},{"op":"started"}]}]},
          {"op":"group","name":"g","body":[{"op":"sleep","for":1},{"op":"cancel","scope":"g"}]}])",
     R"("await","caller",2,"cancelled")", R"("await","caller",2,"ok")"},
    {Bug::passes_on_after_native_cancel, "4.13.0", "the proposed fix of that loses a TimeoutError",
     R"("main":[
          {"op":"spawn_detached","task":"t","body":[
            {"op":"fail_after","name":"f","delay":1,"body":[{"op":"sleep","for":9}]}]},
          {"op":"event_wait","event":"e"},
          {"op":"native_cancel","task":"t"}],
        "environment":[{"at":1,"do":[{"op":"event_set","event":"e"}]}])",
     R"("scope_exit","t","f",true,true,"TimeoutError")", R"("scope_exit","t","f",true,true,"cancelled")"},
    {Bug::passes_on_uncaught_after_native_cancel, "4.13.0",
     "the other proposed fix does too, and says that nothing was caught",
     R"("main":[
          {"op":"spawn_detached","task":"t","body":[
            {"op":"fail_after","name":"f","delay":1,"body":[{"op":"sleep","for":9}]}]},
          {"op":"event_wait","event":"e"},
          {"op":"native_cancel","task":"t"}],
        "environment":[{"at":1,"do":[{"op":"event_set","event":"e"}]}])",
     R"("scope_exit","t","f",true,true,"TimeoutError")", R"("scope_exit","t","f",true,false,"cancelled")"},
    {Bug::looks_through_shields_of_receiver, "4.15.1",
     "a shielded receiver is passed by because a scope around its shield is cancelled",
     R"("objects":{"x":{"kind":"stream","buffer":0}},"main":[{"op":"scope","name":"outer","body":[
          {"op":"group","name":"g","body":[
            {"op":"spawn","group":"g","task":"r","body":[
              {"op":"scope","name":"s","shield":true,"body":[{"op":"receive","object":"x"}]}]},
            {"op":"sleep","for":1},
            {"op":"cancel","scope":"outer"},
            {"op":"try","catch":"error","body":[{"op":"send_nowait","object":"x"}]}]}]}])",
     R"("item","r")", R"("caught","main",7,"WouldBlock")"},
    {Bug::asks_receiver_for_cancelling, "4.15.1", "a receiver is passed by because of a request that it has swallowed",
     R"("objects":{"x":{"kind":"stream","buffer":0}},"main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"r","body":[
            {"op":"try","catch":"cancelled","body":[{"op":"sleep","for":9}]},
            {"op":"receive","object":"x"}]},
          {"op":"checkpoint"},
          {"op":"checkpoint"},
          {"op":"native_cancel","task":"r"},
          {"op":"sleep","for":1},
          {"op":"try","catch":"error","body":[{"op":"send_nowait","object":"x"}]}]}])",
     R"("item","r")", R"("caught","main",9,"WouldBlock")"},
    {Bug::raised_total_keeps_waiters_queued, "4.15.1", "a token that is given back goes to a waiter that has one",
     R"("objects":{"x":{"kind":"limiter","tokens":1}},"main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"a","body":[{"op":"hold","object":"x","body":[{"op":"sleep","for":2}]}]},
          {"op":"spawn","group":"g","task":"b","body":[
            {"op":"hold","object":"x","body":[{"op":"event_wait","event":"never"}]}]},
          {"op":"spawn","group":"g","task":"c","body":[{"op":"hold","object":"x","body":[]}]},
          {"op":"sleep","for":1},
          {"op":"set_tokens","object":"x","value":2}]}])",
     R"("object_exit","c","x","ok")", R"("parked":["b","c","main"])"},
    {Bug::entering_forgets_shield, "4.13.0", "a shield does not hold",
     R"("main":[{"op":"scope","name":"outer","body":[
          {"op":"scope","name":"inner","shield":true,"body":[
            {"op":"cancel","scope":"outer"},
            {"op":"sleep","for":1}]}]}])",
     R"("await","main",3,"ok")", R"("await","main",3,"cancelled")"},
    {Bug::entering_forgets_cancel, "4.13.0", "a scope that was cancelled before lets its body wait",
     R"("main":[{"op":"scope","name":"s","cancel_first":true,"body":[
          {"op":"event_wait","event":"never"}]}])",
     R"("await","main",1,"cancelled")", R"("parked":["main"])"},
    {Bug::starts_under_shield, "4.13.0", "a deadline does not end the wait for started()",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"scope","name":"s","deadline":1,"body":[
            {"op":"start","group":"g","task":"t","body":[{"op":"event_wait","event":"never"}]}]}]}])",
     R"("await","main",2,"cancelled")", R"("parked":["main","t"])"},
    {Bug::entering_delivers_nothing, "4.13.0", "a scope that was cancelled before lets its body wait",
     R"("main":[{"op":"scope","name":"s","cancel_first":true,"body":[
          {"op":"event_wait","event":"never"}]}])",
     R"("await","main",1,"cancelled")", R"("parked":["main"])"},
    {Bug::fail_after_raises_for_any_cancel, "4.13.0", "cancelling a fail_after by hand looks like a timeout",
     R"("main":[{"op":"fail_after","name":"f","delay":5,"body":[
          {"op":"cancel","scope":"f"},
          {"op":"checkpoint"}]}])",
     R"("task_end","main","ok",0)", R"("task_end","main","TimeoutError",0)"},
    {Bug::skips_bare_futures, "4.13.0", "nothing ends the wait for a bare future",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[{"op":"future_wait","future":"f"}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]}])",
     R"("await","t",2,"cancelled")", R"("parked":["main","t"])"},
    {Bug::empty_group_does_not_yield, "4.13.0", "nobody else runs while an empty group is left",
     R"("main":[
          {"op":"group","name":"g","body":[]},
          {"op":"note","text":"left"}])",
     R"([2,0,"note","main","left"])", R"([1,0,"note","main","left"])"},
    {Fix::enters_with_one_pass, "4.13.0", "a scope past its deadline delivers in one loop, not in two",
     R"("main":[{"op":"scope","name":"s","deadline":-1,"body":[{"op":"checkpoint"}]}])",
     R"("cancel","s","main"],[1,0,"deliver","s",[],true],[1,0,"deliver")",
     R"("cancel","s","main"],[1,0,"deliver","s",[],true],[2,0,"deliver")"},
    {Bug::done_task_stays_in_scope, "4.13.0", "a scope spins for a child that ended long ago",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]}])",
     R"("verdict":"quiescent")", R"("verdict":"spin")"},
    {Bug::deadline_comes_early, "4.13.0", "a deadline strikes too early",
     R"("main":[{"op":"scope","name":"s","deadline":3,"body":[{"op":"sleep","for":9}]}])", R"(,3,"cancel","s",null])",
     R"(,2,"cancel","s",null])"},
    {Bug::moved_deadline_keeps_timer, "4.13.0", "a deadline that was moved forward strikes too late",
     R"("main":[{"op":"scope","name":"s","deadline":5,"body":[
          {"op":"set_deadline","scope":"s","in":1},
          {"op":"sleep","for":9}]}],
        "environment":[{"at":2,"do":[{"op":"note","text":"too late"}]}])",
     R"(,1,"cancel","s",null])", R"(,5,"cancel","s",null])"},
    {Bug::cancels_before_start, "4.13.0", "a child is cancelled before it has started",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[]},
          {"op":"cancel","scope":"g"}]}])",
     R"("task_start","t")", R"("deliver","g",[null],true)"},
    {Bug::cancelled_wait_leaves_children, "4.13.0", "a group is left while a child still runs",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]}])",
     R"(,5,"group_exit","main","g")", R"(,1,"group_exit","main","g")"},
    {Bug::left_group_takes_tasks, "4.13.0", "a child starts in a group that was left",
     R"("main":[
          {"op":"group","name":"g","body":[]},
          {"op":"spawn","group":"g","task":"t","body":[]}])",
     R"("raised","main",1,"RuntimeError")", R"("task_start","t")"},
    {Bug::drops_error_after_cancel, "4.13.0", "an error while cleaning up is dropped",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"boom"}]}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]}])",
     R"("task_end","main","group)", R"("task_end","main","ok",0)"},
    {Bug::last_child_wakes_nobody, "4.13.0", "the host sleeps on when the last child has ended",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]}])",
     R"("parked":[])", R"("parked":["main"])"},
    {Bug::cancelled_start_leaves_child, "4.13.0", "a cancelled start() leaves its child running",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"scope","name":"s","deadline":1,"body":[
            {"op":"start","group":"g","task":"t","body":[
              {"op":"try","body":[{"op":"sleep","for":9}],"finally":[
                {"op":"scope","name":"x","shield":true,"body":[{"op":"sleep","for":4}]}]}]}]}]}])",
     R"(,5,"await","main",2,"cancelled")", R"(,1,"await","main",2,"cancelled")"},
    {Bug::second_started_is_silent, "4.13.0", "a second started() raises nothing",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"start","group":"g","task":"t","body":[{"op":"started"},{"op":"started"}]}]}])",
     R"("raised","t",3,"RuntimeError")", R"("task_end","t","ok")"},
    {Bug::body_error_cancels_nobody, "4.13.0", "the tasks of a group live on when its body has failed",
     R"("main":[{"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]},
          {"op":"sleep","for":1},
          {"op":"raise","error":"E"}]}])",
     R"("await","t",2,"cancelled")", R"("await","t",2,"ok")"},
    {Bug::set_event_does_not_yield, "4.13.0", "waiting for an Event that is set lets nobody else run",
     R"("main":[{"op":"event_set","event":"e"},{"op":"event_wait","event":"e"}])", R"([2,0,"await","main",1,"ok"])",
     R"([1,0,"await","main",1,"ok"])"},
};

std::string trace_of(const Trigger& trigger, Switches switches) {
    const Case program = parse_case("{\"name\":\"trigger\"," + std::string(trigger.program) + "}", "trigger", 1);
    model::Config config;
    config.version = model::find_version(trigger.kernel);
    config.policy = model::find_policy("upstream");
    config.python = model::find_python("3.11");
    config.switches = switches;
    Interpreter run;
    TraceWriter trace(run);
    run.prepare(program, config, nullptr);
    run.watch(trace);
    run.run();
    return trace.finish();
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("each defect shows in the program that was written for it, and only with its switch") {
    for (const Trigger& trigger : kTriggers) {
        const std::string faithful = trace_of(trigger, {});
        const std::string defective = trace_of(trigger, {trigger.what});
        INFO(model::entry_of(trigger.what).name, ": ", trigger.shows, "\nwithout: ", faithful,
             "\nwith:    ", defective);
        CHECK(has(faithful, trigger.without));
        CHECK_FALSE(has(faithful, trigger.with));
        CHECK(has(defective, trigger.with));
        CHECK_FALSE(has(defective, trigger.without));
    }
}

TEST_CASE("every defect that a case can reach has a program that was written for it") {
    // A group with a CancelledError in it comes from no statement: anyio's own groups never hold
    // one. model/switches_test.cpp makes such groups.
    Switches shown{Bug::looks_into_no_groups, Bug::passes_mixed_groups_on, Bug::orders_sets_by_address};
    // Those of objects and of asyncio's cancellers have theirs in properties/contracts/contracts_objects_test.cpp.
    for (const Switch one : std::initializer_list<Switch>{Bug::lock_keeps_cancelled_waiters,
                                                          Bug::semaphore_keeps_cancelled_waiters,
                                                          Bug::cancelled_waiter_keeps_lock,
                                                          Bug::cancelled_checkpoint_keeps_lock,
                                                          Bug::owner_waits_for_its_lock,
                                                          Bug::cancelled_waiter_keeps_notification,
                                                          Bug::cancelled_borrower_wakes_nobody,
                                                          Bug::takes_token_on_resuming,
                                                          Bug::cancelled_borrower_keeps_token,
                                                          Bug::raised_total_wakes_too_many,
                                                          Bug::limiter_serves_last_first,
                                                          Bug::hands_item_to_cancelled_receiver,
                                                          Bug::false_item_ends_stream,
                                                          Fix::cancelled_receiver_passes_item_on,
                                                          Bug::last_close_wakes_one_receiver,
                                                          Bug::asyncio_group_drops_outer_cancel,
                                                          Bug::asyncio_group_uncancels_before_joining,
                                                          Bug::wait_for_prefers_result,
                                                          Bug::asyncio_condition_drops_notification,
                                                          Bug::asyncio_semaphore_keeps_permit,
                                                          Fix::timeout_leaves_pending_cancel})
        shown.set(one);
    shown.set(Bug::asyncio_semaphore_wakes_one);  // it is what 3.11 and 3.12 do: their recorded traces show it
    for (const Trigger& trigger : kTriggers) shown.set(trigger.what);
    for (const model::SwitchEntry& entry : model::all_switches()) CHECK_MESSAGE(shown.has(entry.what), entry.name);
}

TEST_CASE("the sound fix of 1214 keeps the TimeoutError that the proposed ones lose") {
    for (const Trigger& trigger : kTriggers)
        if (trigger.what == Bug::passes_on_after_native_cancel ||
            trigger.what == Bug::passes_on_uncaught_after_native_cancel)
            CHECK(has(trace_of(trigger, {Fix::asks_again_for_native_cancel}), trigger.without));
}

/// A program on 4.13.0 that shows no defect by itself.
std::string trace_of(std::string_view program, Switches switches) {
    return trace_of(Trigger{Bug::swallows_without_asking_parent, "4.13.0", "", program, "", ""}, switches);
}

TEST_CASE("neither fix of 1214 does anything where no native request came while the scope was entered") {
    for (const std::string_view program : {R"("main":[
             {"op":"scope","name":"s","body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}]},
             {"op":"checkpoint"}])",
                                           R"("main":[
             {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"all"},
             {"op":"scope","name":"s","body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}]},
             {"op":"checkpoint"}])"})
        for (const Switch fix :
             std::initializer_list<Switch>{Fix::asks_again_for_native_cancel, Bug::passes_on_after_native_cancel,
                                           Bug::passes_on_uncaught_after_native_cancel})
            CHECK(trace_of(program, {fix}) == trace_of(program, {}));
}

TEST_CASE("the sound fix of 1214 does not take what a scope outside has asked for as native") {
    const std::string_view program = R"("main":[
        {"op":"scope","name":"outer","body":[
          {"op":"scope","name":"inner","body":[
            {"op":"cancel","scope":"outer"},
            {"op":"try","body":[{"op":"checkpoint"}],"catch":"all"},
            {"op":"set_shield","scope":"inner","value":true},
            {"op":"cancel","scope":"inner"},
            {"op":"checkpoint"}]}]},
        {"op":"checkpoint"}])";
    CHECK(trace_of(program, {Fix::asks_again_for_native_cancel}) == trace_of(program, {}));
}

TEST_CASE("the sound fix of 1214 sees a native request that was pending as the scope was entered") {
    const std::string_view program = R"("main":[{"op":"scope","name":"outer","body":[
        {"op":"cancel","scope":"outer"},
        {"op":"try","body":[{"op":"checkpoint"}],"catch":"cancelled","handler":[
          {"op":"native_cancel","task":"main"},
          {"op":"scope","name":"s","shield":true,"body":[{"op":"cancel","scope":"s"},{"op":"checkpoint"}]},
          {"op":"scope","name":"x","shield":true,"body":[{"op":"checkpoint"}]}]}]}])";
    CHECK(has(trace_of(program, {}), R"("await","main",9,"ok")"));
    CHECK(has(trace_of(program, {Fix::asks_again_for_native_cancel}), R"("await","main",9,"cancelled")"));
}

TEST_CASE("the sound fix of 1214 does not take what a scope asked of another's host as native") {
    const std::string_view program = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"t","body":[
          {"op":"scope","name":"s","body":[
            {"op":"try","body":[{"op":"sleep","for":9}],"catch":"cancelled"},
            {"op":"set_shield","scope":"s","value":true},
            {"op":"cancel","scope":"s"},
            {"op":"checkpoint"}]},
          {"op":"scope","name":"x","shield":true,"body":[{"op":"checkpoint"}]}]},
        {"op":"sleep","for":1},
        {"op":"cancel","scope":"g"}]}])";
    CHECK(trace_of(program, {Fix::asks_again_for_native_cancel}) == trace_of(program, {}));
}

TEST_CASE("the sound fix of 1214 sees a native request after the program took back an earlier one") {
    const std::string_view program = R"("main":[
        {"op":"try","body":[{"op":"native_cancel","task":"main"},{"op":"checkpoint"}],"catch":"cancelled","handler":[
          {"op":"scope","name":"s","body":[{"op":"uncancel"},{"op":"sleep","for":9}]},
          {"op":"checkpoint"}]}],
        "environment":[{"at":1,"do":[{"op":"cancel","scope":"s"},{"op":"native_cancel","task":"main"}]}])";
    CHECK(has(trace_of(program, {}), R"("await","main",6,"ok")"));
    CHECK_FALSE(has(trace_of(program, {Fix::asks_again_for_native_cancel}), R"("await","main",6,"ok")"));
}

TEST_CASE("what the sound fix of 1214 asks for again counts as one request, not as two") {
    for (const Trigger& trigger : kTriggers)
        if (trigger.what == Fix::asks_again_for_native_cancel)
            CHECK(has(trace_of(trigger, {Fix::asks_again_for_native_cancel}), R"("task_end","t","native",1)"));
}

TEST_CASE("a pass that skips a group for its host's shield comes back once the host has left that") {
    CHECK(has(trace_of(R"("main":[{"op":"scope","name":"outer","body":[
        {"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"waiter","body":[{"op":"event_wait","event":"never"}]},
          {"op":"sleep","for":1},
          {"op":"scope","name":"s","shield":true,"body":[
            {"op":"cancel","scope":"outer"},
            {"op":"sleep","for":1}]},
          {"op":"event_wait","event":"never"}]}]}])",
                       {Bug::skips_child_scope_of_shielded_host}),
              R"(,2,"await","waiter",3,"cancelled")"));
}

TEST_CASE("a pass that skips waits for bare futures interrupts every other wait") {
    const std::string_view program = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"sleeps","body":[{"op":"sleep","for":9}]},
        {"op":"spawn","group":"g","task":"waits","body":[{"op":"event_wait","event":"never"}]},
        {"op":"spawn","group":"g","task":"yields","body":[{"op":"repeat","times":9,"body":[{"op":"checkpoint"}]}]},
        {"op":"checkpoint"},
        {"op":"checkpoint"},
        {"op":"cancel","scope":"g"}]}])";
    CHECK(trace_of(program, {Bug::skips_bare_futures}) == trace_of(program, {}));
}

TEST_CASE("the fix of 1069 changes nothing where a child was cancelled or failed, and nothing where nobody was") {
    for (const std::string_view program : {
             R"("main":[{"op":"group","name":"g","body":[
               {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":1}]}]}])",
             R"("main":[{"op":"group","name":"g","body":[{"op":"raise","error":"boom"}]}])",
             R"("main":[{"op":"scope","name":"outer","body":[
               {"op":"group","name":"g","body":[
                 {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]}]}],
               "environment":[{"at":1,"do":[{"op":"cancel","scope":"outer"}]}])",
             R"("main":[{"op":"scope","name":"outer","body":[
               {"op":"group","name":"g","body":[
                 {"op":"spawn","group":"g","task":"t","body":[
                   {"op":"try","body":[{"op":"sleep","for":9}],"finally":[{"op":"raise","error":"boom"}]}]}]}]}],
               "environment":[{"at":1,"do":[{"op":"cancel","scope":"outer"}]}])",
             R"("main":[
               {"op":"try","body":[
                 {"op":"group","name":"g","body":[
                   {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]}]}],"catch":"all"},
               {"op":"checkpoint"},
               {"op":"checkpoint"}],
               "environment":[{"at":1,"do":[{"op":"native_cancel","task":"main"}]}])"})
        CHECK(trace_of(program, {Fix::leaves_group_without_cancel_point}) == trace_of(program, {}));
}

TEST_CASE("what the fix of 1069 asks for again counts as one request, not as two") {
    CHECK(has(trace_of(R"("main":[
        {"op":"native_cancel","task":"main"},
        {"op":"group","name":"g","body":[]},
        {"op":"checkpoint"}])",
                       {Fix::leaves_group_without_cancel_point}),
              R"("task_end","main","native",1)"));
}

TEST_CASE("a group that has children waits for them, also where an empty one would not give way") {
    const std::string_view program = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":3}]}]}])";
    CHECK(trace_of(program, {Bug::empty_group_does_not_yield}) == trace_of(program, {}));
}

TEST_CASE("a child that outlives its group does not wake the one who has left it") {
    CHECK(has(trace_of(R"("main":[
        {"op":"group","name":"g","body":[{"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":1}]}]},
        {"op":"spawn","group":"g","task":"late","body":[{"op":"sleep","for":1}]},
        {"op":"sleep","for":5}])",
                       {Bug::left_group_takes_tasks}),
              R"(,6,"await","main",5,"ok")"));
    CHECK(has(trace_of(R"("main":[
        {"op":"group","name":"g","body":[
          {"op":"spawn","group":"g","task":"t","body":[
            {"op":"scope","name":"s","shield":true,"body":[{"op":"sleep","for":5}]}]},
          {"op":"sleep","for":1},
          {"op":"cancel","scope":"g"}]},
        {"op":"sleep","for":9}])",
                       {Bug::cancelled_wait_leaves_children}),
              R"(,10,"await","main",6,"ok")"));
}

TEST_CASE("a cancelled start() that does not wait for its child cancels it all the same") {
    for (const Trigger& trigger : kTriggers)
        if (trigger.what == Bug::cancelled_start_leaves_child)
            CHECK(has(trace_of(trigger, {Bug::cancelled_start_leaves_child}), R"("await","t",4,"native")"));
}

TEST_CASE("the shield of a start() ends with it") {
    const std::string_view program = R"("main":[{"op":"group","name":"g","body":[
        {"op":"start","group":"g","task":"t","body":[{"op":"started"},{"op":"sleep","for":9}]},
        {"op":"sleep","for":1}]}])";
    CHECK(trace_of(program, {Bug::starts_under_shield}) == trace_of(program, {}));
}

TEST_CASE("where addresses decide, two runs of one program differ") {
    const std::string_view one_child = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"t","body":[{"op":"sleep","for":9}]},
        {"op":"sleep","for":9}]}],
        "environment":[{"at":2,"do":[{"op":"cancel","scope":"g"}]}])";
    const std::string_view two_children = R"("main":[{"op":"group","name":"g","body":[
        {"op":"spawn","group":"g","task":"a","body":[{"op":"sleep","for":9}]},
        {"op":"spawn","group":"g","task":"b","body":[{"op":"sleep","for":9}]},
        {"op":"sleep","for":1},
        {"op":"cancel","scope":"g"}]}])";
    for (const std::string_view program : {one_child, two_children}) {
        const std::string once = trace_of(program, {Bug::orders_sets_by_address});
        CHECK(trace_of(program, {Bug::orders_sets_by_address}) != once);
        CHECK(trace_of(program, {}) == trace_of(program, {}));
    }
}

}  // namespace

}  // namespace cancelsim::scenarios
