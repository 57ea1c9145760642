//! Remittances in, owned work out.

mod automation;
mod bad_input;
mod claim_context;
mod clarifications;
mod download_remittance_file;
mod evidence;
mod exactly_once;
mod expected_money;
mod look;
mod open_denials;
mod payer_codes;
mod payer_status;
mod preview;
mod queues;
mod reads;
mod redecide;
mod replay;
mod resolution;
mod take_backs;
mod token_ends;
mod underpayments;
mod unknown_payer;
mod watch_events;
mod work;
