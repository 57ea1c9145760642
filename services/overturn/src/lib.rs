//! overturn
