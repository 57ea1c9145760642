//! The whole product through real gRPC, on SQLite or (STORE=postgres CACHE=redis) on PostgreSQL and
//! Redis.

mod appeals;
mod derived;
mod dictionary;
mod identity;
mod routing;
