//! Promise: whatever the network, the server and the clock do, the client end does what the model does; and any calls in any
//! order leave a state that the table in the docs has.

#![no_main]

#[path = "../../tests/client/any_calls.rs"]
#[allow(dead_code, unused_imports, reason = "it has tests of its own")]
mod any_calls;
#[path = "../../tests/client/follow.rs"]
mod follow;
#[path = "../../tests/harness/drive.rs"]
mod harness;
#[path = "../../tests/client/model.rs"]
mod model;
#[path = "../../tests/reference/mod.rs"]
mod reference;
#[path = "../../tests/client/script.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod script;

use harness::Door;
use libfuzzer_sys::fuzz_target;
use script::Script;

fuzz_target!(|input: &[u8]| {
    let mut bytes = input.iter();
    let mut choose = |below: u32| {
        let len = if below > 256 { 4 } else { 1 };
        let number = bytes.by_ref().take(len).fold(0, |number, byte| number << 8 | u32::from(*byte));
        number % below
    };
    if choose(2) == 0 {
        let script = Script::make(&mut choose);
        let expected = model::expected(&script);
        for door in [Door::Next, Door::Advance] {
            assert_eq!(follow::follow(&script, door), expected, "{door:?}: {script:#?}");
        }
    } else {
        any_calls::calls(&mut choose, input.len() as u32, 0);
    }
});
